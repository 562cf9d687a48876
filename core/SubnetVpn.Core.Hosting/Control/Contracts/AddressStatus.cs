namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>An address of this node in a network.</summary>
/// <param name="Address">With the length of its subnet, such as <c>10.0.0.7/24</c>.</param>
/// <param name="Automatic">Whether the node chose it by itself.</param>
/// <param name="MovedFrom">Addresses that it had before, since the node was started, and lost to others; the oldest first.</param>
public sealed record AddressStatus(string Address, bool Automatic, IReadOnlyList<string> MovedFrom);
