namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>How the values of a metric are to be read.</summary>
public enum MetricKind
{
    /// <summary>A number that only grows.</summary>
    Counter,

    /// <summary>A number that goes up and down.</summary>
    Gauge,

    /// <summary>Values by size.</summary>
    Histogram,
}
