namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One counter or gauge.</summary>
/// <param name="Name">Its dotted name, such as <c>subnetvpn.packets.dropped</c>.</param>
/// <param name="Labels">What it is of, such as network, direction and reason.</param>
/// <param name="Value">Its value.</param>
public sealed record MetricValue(string Name, IReadOnlyDictionary<string, string> Labels, long Value);
