using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SubnetVpn.Discovery.Dht.Original.Wire;
using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Original;

/// <summary>A record of the original network: which address a peer holds, signed by it. Everybody can read it.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Address">Its address.</param>
/// <param name="Issued">When it said so.</param>
internal sealed record OriginalRecord(PeerId Peer, VirtualIp Address, DateTimeOffset Issued)
{
    public const string Namespace = "vpn";
    private const int MaxLength = 256;
    private const int SignatureLength = 64;

    /// <summary>The record has no end of its own; the hash table of the original network keeps it this long.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(48);

    private static ReadOnlySpan<byte> Prefix => "/vpn/mapping/"u8;

    public static byte[] KeyOf(PeerId peer) => [.. Prefix, .. Encoding.ASCII.GetBytes(peer.ToString())];

    /// <summary>Makes the value for our own address.</summary>
    public static byte[] Write(VirtualIp address, DateTimeOffset now, INodeIdentity identity)
    {
        var info = new VirtualIPInfo { Ip = address.ToString(), Timestamp = now.ToUnixTimeSeconds() }.ToByteArray();
        return new VirtualIPRecord { Info = ByteString.CopyFrom(info), Signature = ByteString.CopyFrom(identity.Sign(SHA256.HashData(info))) }.ToByteArray();
    }

    /// <summary>Reads a value, with all checks; a bare address without a signature, which the original takes, is refused.</summary>
    public static RecordRefusal TryRead(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, DateTimeOffset now, IEd25519 ed25519, out OriginalRecord? record)
    {
        record = null;
        Span<byte> publicKey = stackalloc byte[32];
        if (value.Length > MaxLength)
            return RecordRefusal.TooLarge;
        if (!key.Span.StartsWith(Prefix))
            return RecordRefusal.BadKey;
        if (!PeerId.TryParse(Encoding.ASCII.GetString(key.Span[Prefix.Length..]), out var peer) || !peer.TryGetEd25519Key(publicKey))
            return RecordRefusal.BadPeer;
        if (!VirtualIPRecord.Parser.TryParse(value.Span, out VirtualIPRecord? signed) || signed.Signature.Length != SignatureLength
            || !VirtualIPInfo.Parser.TryParse(signed.Info.Span, out VirtualIPInfo? info) || info.Timestamp is <= 0 or > 253_402_300_799)
            return RecordRefusal.Malformed;
        if (!VirtualIp.TryParse(info.Ip, out var address))
            return RecordRefusal.WrongAddress;
        var issued = DateTimeOffset.FromUnixTimeSeconds(info.Timestamp);
        if (issued > now + RecordLimits.ClockSkew)
            return RecordRefusal.FromFuture;
        if (issued + Lifetime <= now)
            return RecordRefusal.Expired;
        if (!ed25519.Verify(publicKey, SHA256.HashData(signed.Info.Span), signed.Signature.Span))
            return RecordRefusal.BadPeerSignature;
        record = new OriginalRecord(peer, address, issued);
        return RecordRefusal.None;
    }
}
