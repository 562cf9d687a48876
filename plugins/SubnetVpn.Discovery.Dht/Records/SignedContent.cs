using Google.Protobuf;
using SubnetVpn.Discovery.Dht.Records.Wire;

namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>A record as whoever stores it sees it: well-formed, of a sane time; signed by the network, once that was checked.</summary>
internal sealed record SignedContent
{
    private const int SignatureLength = 64;

    private readonly ByteString _content;
    private readonly ByteString _signature;

    private SignedContent(ByteString content, ByteString signature) => (_content, _signature) = (content, signature);

    public required RecordHeader Header { get; init; }

    public required ReadOnlyMemory<byte> Nonce { get; init; }

    public required ReadOnlyMemory<byte> Sealed { get; init; }

    /// <summary>Reads what is not secret and checks all but the signature: cheap.</summary>
    public static RecordRefusal TryRead(ReadOnlyMemory<byte> value, DateTimeOffset now, out SignedContent? content)
    {
        content = null;
        if (value.Length > RecordLimits.MaxValueLength)
            return RecordRefusal.TooLarge;
        if (!SignedRecord.Parser.TryParse(value.Span, out SignedRecord? signed) || signed.Signature.Length != SignatureLength
            || !RecordContent.Parser.TryParse(signed.Content.Span, out RecordContent? wire))
            return RecordRefusal.Malformed;
        if (wire.Version != RecordLimits.Version)
            return RecordRefusal.UnknownVersion;
        if (wire.Rank.Length != AddressClaim.RankLength || wire.Nonce.Length != SealedLength.Nonce || wire.Sealed.Length <= SealedLength.Tag
            || !TryReadTime(wire.Issued, out var issued) || !TryReadTime(wire.Expires, out var expires))
            return RecordRefusal.Malformed;
        if (expires <= now)
            return RecordRefusal.Expired;
        if (issued > now + RecordLimits.ClockSkew)
            return RecordRefusal.FromFuture;
        if (expires <= issued || expires - issued > RecordLimits.MaxLifetime)
            return RecordRefusal.BadLifetime;
        content = new SignedContent(signed.Content, signed.Signature)
        {
            Header = new RecordHeader { Sequence = wire.Sequence, Issued = issued, Expires = expires, Rank = wire.Rank.Memory },
            Nonce = wire.Nonce.Memory,
            Sealed = wire.Sealed.Memory,
        };
        return RecordRefusal.None;
    }

    /// <summary>Whether the network that the key names signed it.</summary>
    public bool IsSignedBy(ReadOnlyMemory<byte> publicKey, ReadOnlyMemory<byte> key, IEd25519 ed25519) =>
        ed25519.Verify(publicKey.Span, RecordBytes.ForNetwork(key.Span, _content.Span), _signature.Span);

    private static bool TryReadTime(long seconds, out DateTimeOffset time)
    {
        // Up to the year 9999.
        var isTime = seconds is >= 0 and <= 253_402_300_799;
        time = isTime ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return isTime;
    }
}
