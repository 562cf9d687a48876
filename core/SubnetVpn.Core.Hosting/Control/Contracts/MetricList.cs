namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/metrics</c>: every counter by its dotted name, with what it is of.</summary>
/// <param name="Metrics">The counters.</param>
public sealed record MetricList(IReadOnlyList<MetricValue> Metrics);
