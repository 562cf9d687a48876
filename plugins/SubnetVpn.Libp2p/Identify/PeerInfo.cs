using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Identify;

/// <summary>What a peer said about itself. Nothing of it is proven but <paramref name="Peer"/>.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="AgentVersion">Its software; empty when it did not say.</param>
/// <param name="ProtocolVersion">Its network; empty when it did not say.</param>
/// <param name="Protocols">The protocols it serves.</param>
/// <param name="ListenAddresses">Where it says it can be reached, as far as we can read the addresses.</param>
/// <param name="ObservedAddress">Where it sees us; null when it did not say.</param>
public sealed record PeerInfo(
    PeerId Peer,
    string AgentVersion,
    string ProtocolVersion,
    IReadOnlyList<string> Protocols,
    IReadOnlyList<Multiaddr> ListenAddresses,
    Multiaddr? ObservedAddress);
