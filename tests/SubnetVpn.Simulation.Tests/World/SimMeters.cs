using System.Diagnostics.Metrics;

namespace SubnetVpn.Simulation.Tests.World;

internal sealed class SimMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
