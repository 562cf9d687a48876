namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The values of a histogram.</summary>
/// <param name="Sum">Their sum.</param>
/// <param name="Buckets">How many there are up to each bound.</param>
public sealed record HistogramValue(double Sum, IReadOnlyList<HistogramBucketValue> Buckets);
