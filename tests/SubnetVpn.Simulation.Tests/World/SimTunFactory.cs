using SubnetVpn.Simulation.Tests.Wire;
using SubnetVpn.Tun;

namespace SubnetVpn.Simulation.Tests.World;

internal sealed class SimTunFactory(FlowLog log, StreamLedger ledger) : ITunDeviceFactory
{
    public bool IsSupported => true;

    public SimTun? Device { get; private set; }

    public ValueTask<ITunDevice> CreateAsync(TunSettings settings, CancellationToken cancellationToken) => new(Device = new SimTun(settings, log, ledger));
}
