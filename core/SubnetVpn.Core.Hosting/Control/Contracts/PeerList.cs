namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/peers</c>.</summary>
/// <param name="Peers">The peers of all networks.</param>
public sealed record PeerList(IReadOnlyList<PeerStatus> Peers);
