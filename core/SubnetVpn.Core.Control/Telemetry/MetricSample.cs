namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>What a metric has measured for one set of labels.</summary>
/// <param name="Labels">The labels, by name.</param>
/// <param name="Value">The value; the sum of all values for a histogram.</param>
public sealed record MetricSample(IReadOnlyList<KeyValuePair<string, string>> Labels, double Value)
{
    /// <summary>How many values a histogram has; 0 for others.</summary>
    public long Count { get; init; }

    /// <summary>The buckets of a histogram, from the smallest bound to infinity; empty for others.</summary>
    public IReadOnlyList<MetricBucket> Buckets { get; init; } = [];

    /// <summary>When the instrument began to measure: of two samples with the same labels, the later is of the network's present life.</summary>
    internal DateTimeOffset StartedAt { get; init; }
}
