namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One bucket of a histogram.</summary>
/// <param name="UpperBound">The largest value in it; null for no limit.</param>
/// <param name="Count">Values in it and in all buckets below.</param>
public sealed record HistogramBucketValue(double? UpperBound, long Count);
