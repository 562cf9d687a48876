using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>A link after the handshakes: who is there, the keys, and what of the multiplexer's bytes was received already.</summary>
internal sealed record UpgradedLink(
    IByteLink Link, bool IsDialer, PeerId Peer, PublicKey PeerKey, NoiseCipherSuite Suite, NoiseCipher Send, NoiseCipher Receive, ReadOnlyMemory<byte> HandshakeHash, ReadOnlyMemory<byte> Received);
