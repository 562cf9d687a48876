using Google.Protobuf;
using SimpleBase;
using SubnetVpn.Core.Hosting.Invitations.Protos;

namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>An invitation as the message in its token. Whether it makes sense is for <see cref="InvitationRules"/> to say.</summary>
internal static class InvitationEncoding
{
    private const string PeerPart = "/p2p/";

    // What a token has room for many times over.
    private const int MaxPeers = 32;
    private const int MaxPeerBytes = 64;

    public static byte[] Write(Invitation invitation)
    {
        var message = new InvitationMessage
        {
            Network = invitation.Network,
            Key = ByteString.CopyFrom(invitation.Secret.Span),
            Subnet = invitation.Subnet?.ToString() ?? string.Empty,
            Subnet6 = invitation.Subnet6?.ToString() ?? string.Empty,
            ExpiresAt = (ulong)invitation.ExpiresAt.ToUnixTimeSeconds(),
            DhtProtocol = invitation.DhtProtocol ?? string.Empty,
        };
        // A peer id is longer than an address: written once for all addresses of the peer.
        foreach (var peer in invitation.Bootstrap.Select(Split).GroupBy(static address => address.Peer, static address => address.Address))
        {
            var bootstrap = new BootstrapMessage { Peer = ByteString.CopyFrom(Base58.Bitcoin.Decode(peer.Key)) };
            bootstrap.Addresses.AddRange(peer);
            message.Bootstrap.Add(bootstrap);
        }
        Span<byte> bytes = stackalloc byte[16];
        foreach (var address in invitation.Inviter)
            message.VirtualIps.Add(ByteString.CopyFrom(bytes[..address.WriteBytes(bytes)]));
        return message.ToByteArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Invitation? invitation)
    {
        invitation = null;
        InvitationMessage message;
        try
        {
            message = InvitationMessage.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
        var (hasSubnet, hasSubnet6) = (message.Subnet.Length > 0, message.Subnet6.Length > 0);
        IpPrefix subnet = default, subnet6 = default;
        if ((hasSubnet && !IpPrefix.TryParse(message.Subnet, out subnet)) || (hasSubnet6 && !IpPrefix.TryParse(message.Subnet6, out subnet6)) ||
            message.ExpiresAt > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds() ||
            message.Bootstrap.Count > MaxPeers || message.Bootstrap.Any(static peer => peer.Peer.Length > MaxPeerBytes) ||
            message.VirtualIps.Any(static address => address.Length is not (4 or 16)))
            return false;
        invitation = new Invitation
        {
            Network = message.Network,
            Secret = message.Key.ToByteArray(),
            Subnet = hasSubnet ? subnet : null,
            Subnet6 = hasSubnet6 ? subnet6 : null,
            Bootstrap = [.. message.Bootstrap.SelectMany(static peer => peer.Addresses.Select(address => $"{address}{PeerPart}{Base58.Bitcoin.Encode(peer.Peer.Span)}"))],
            DhtProtocol = message.DhtProtocol.Length > 0 ? message.DhtProtocol : null,
            Inviter = [.. message.VirtualIps.Select(static address => VirtualIp.FromBytes(address.Span))],
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds((long)message.ExpiresAt),
        };
        return true;
    }

    private static (string Address, string Peer) Split(string address)
    {
        var end = address.LastIndexOf(PeerPart, StringComparison.Ordinal);
        return (address[..end], address[(end + PeerPart.Length)..]);
    }
}
