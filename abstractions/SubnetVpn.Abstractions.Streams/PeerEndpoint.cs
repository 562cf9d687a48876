namespace SubnetVpn.Streams;

/// <summary>A peer, and where it can be dialled.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Addresses">Multiaddresses, best first. Empty: only a connection that is there can be used.</param>
public sealed record PeerEndpoint(PeerId Peer, IReadOnlyList<string> Addresses);
