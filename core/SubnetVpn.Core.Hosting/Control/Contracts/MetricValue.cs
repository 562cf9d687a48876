namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One metric for one set of labels.</summary>
/// <param name="Name">Its dotted name, such as <c>subnetvpn.packets.dropped</c>.</param>
/// <param name="Labels">What it is of, such as network, direction and reason.</param>
/// <param name="Value">Its value; for a histogram, how many values it has.</param>
public sealed record MetricValue(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its unit, such as <c>{packet}</c>, <c>By</c> or <c>s</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The values of a histogram; null for others.</summary>
    public HistogramValue? Histogram { get; init; }
}
