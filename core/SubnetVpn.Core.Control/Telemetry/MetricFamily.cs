namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>One metric at one moment.</summary>
/// <param name="Name">The name of its instrument, such as <c>subnetvpn.packets.sent</c>.</param>
/// <param name="Kind">How its values are to be read.</param>
/// <param name="Unit">The unit of its instrument in UCUM, such as <c>By</c>, <c>s</c> or <c>{packet}</c>.</param>
/// <param name="Description">What it measures.</param>
/// <param name="Samples">One for each set of labels, by labels.</param>
public sealed record MetricFamily(string Name, MetricKind Kind, string Unit, string Description, IReadOnlyList<MetricSample> Samples);
