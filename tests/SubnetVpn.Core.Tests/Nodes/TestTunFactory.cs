using SubnetVpn.Tun;

namespace SubnetVpn.Core.Tests.Nodes;

internal sealed class TestTunFactory(TunCapabilities capabilities) : ITunDeviceFactory
{
    public bool IsSupported => true;

    public TestTun? Device { get; private set; }

    public ValueTask<ITunDevice> CreateAsync(TunSettings settings, CancellationToken cancellationToken) => new(Device = new TestTun(settings, capabilities));
}
