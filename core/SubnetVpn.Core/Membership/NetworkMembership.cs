using SubnetVpn.Core.Configuration;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Membership;

/// <summary>Proves that this node is a member of a private network, and checks what others say. Immutable, thread-safe.</summary>
internal sealed class NetworkMembership
{
    private const string Purpose = "subnetvpn membership 1";

    private readonly byte[] _key = new byte[NetworkKey.SecretLength];
    private readonly PeerId _self;

    private NetworkMembership(NetworkKey key, PeerId self)
    {
        key.Derive(Purpose, _key);
        _self = self;
    }

    /// <summary>Of a network with a secret key; null for any other, where nobody has to prove anything.</summary>
    public static NetworkMembership? Of(NetworkSettings settings, PeerId self) => settings.NetworkKey is { IsSecret: true } key ? new NetworkMembership(key, self) : null;

    /// <summary>What this node says on a stream; it opened it or accepted it, as <see cref="VpnStreamInfo.IsInbound"/> tells.</summary>
    /// <param name="stream">The stream, with a channel binding.</param>
    /// <param name="number">The opener's number for it.</param>
    public byte[] Prove(VpnStreamInfo stream, ulong number) => OfEnd(stream, number, isOurs: true).Compute(_key);

    /// <summary>Whether what the peer says on a stream proves that it holds the key.</summary>
    public bool Check(VpnStreamInfo stream, ulong number, ReadOnlySpan<byte> proof) => OfEnd(stream, number, isOurs: false).IsProvenBy(proof, _key);

    private MembershipProof OfEnd(VpnStreamInfo stream, ulong number, bool isOurs) => new(
        stream.IsInbound == isOurs ? MembershipRole.Acceptor : MembershipRole.Opener,
        stream.Protocol,
        stream.ChannelBinding.IsEmpty ? throw new ArgumentException("A stream without a channel binding proves nothing.", nameof(stream)) : stream.ChannelBinding,
        stream.IsInbound ? stream.Peer : _self,
        stream.IsInbound ? _self : stream.Peer,
        number);
}
