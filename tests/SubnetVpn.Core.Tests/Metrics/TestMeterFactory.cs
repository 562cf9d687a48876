using System.Diagnostics.Metrics;

namespace SubnetVpn.Core.Tests.Metrics;

/// <summary>A scope to find one's own meters by.</summary>
internal sealed class TestMeterFactory : IMeterFactory
{
    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return new Meter(options);
    }

    public void Dispose()
    {
    }
}
