using System.Diagnostics.Metrics;

namespace SubnetVpn.TestKit.Metrics;

/// <summary>A factory of meters by which a test knows its own from those of tests beside it.</summary>
public sealed class ScopedMeters : IMeterFactory
{
    /// <inheritdoc/>
    public Meter Create(MeterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Scope = this;
        return new Meter(options);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
