namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/streams</c>.</summary>
/// <param name="Streams">The streams that carry our packets, by network, peer and number.</param>
public sealed record StreamList(IReadOnlyList<PeerStreamStatus> Streams);
