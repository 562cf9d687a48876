using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Transport.Libp2p;

/// <summary>The node's identity, as the libp2p library asks for it.</summary>
internal sealed class LocalIdentity : ILocalIdentity
{
    private readonly INodeIdentity _identity;

    public LocalIdentity(INodeIdentity identity)
    {
        _identity = identity;
        PublicKey = SubnetVpn.Libp2p.Keys.PublicKey.TryFromProtobuf(identity.PublicKey.Span, out var key)
            ? key
            : throw new VpnException(VpnErrorReason.Identity, $"The public key of the node {identity.Id} is none that libp2p knows.");
        PeerId = SubnetVpn.Libp2p.Keys.PeerId.FromPublicKey(key);
        if (PeerId.ToString() != identity.Id.ToString())
        {
            throw new VpnException(VpnErrorReason.Identity, $"The node says that it is {identity.Id}, but its key belongs to {PeerId}.");
        }
    }

    public SubnetVpn.Libp2p.Keys.PeerId PeerId { get; }

    public PublicKey PublicKey { get; }

    public byte[] Sign(ReadOnlySpan<byte> message) => _identity.Sign(message);
}
