namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>One bucket of a histogram.</summary>
/// <param name="UpperBound">The largest value in it; positive infinity for the last.</param>
/// <param name="Count">Values in it and in all buckets below.</param>
public readonly record struct MetricBucket(double UpperBound, long Count);
