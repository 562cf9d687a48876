namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/metrics</c>: every metric that has a value, by its dotted name, with what it is of.</summary>
/// <param name="Metrics">The metrics, by name and labels.</param>
public sealed record MetricList(IReadOnlyList<MetricValue> Metrics);
