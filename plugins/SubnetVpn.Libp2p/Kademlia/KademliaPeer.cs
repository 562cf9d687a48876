using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>A peer and where somebody says it can be dialled.</summary>
/// <param name="Id">The peer.</param>
/// <param name="Addresses">Its addresses; may be empty.</param>
public sealed record KademliaPeer(PeerId Id, IReadOnlyList<Multiaddr> Addresses);
