using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Validation;

/// <summary>
/// Judges what stands under <c>/svpn/</c>. Records of our networks are read entirely; of those of others, whose keys we lack, it is
/// checked that somebody with the network's key made them. What is cheap to refuse is refused before a signature is checked.
/// </summary>
internal sealed class RecordValidator(IEd25519 ed25519, TimeProvider time) : SharedValidator<MemberRecords>
{
    public override string Namespace => RecordKey.Namespace;

    public override bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        var refusal = Judge(key, value, out var member);
        if (refusal != RecordRefusal.None)
            // One that is of no network of ours counts with the first that shares this store.
            (member ?? Members.FirstOrDefault())?.Counters.Refuse(refusal);
        return refusal == RecordRefusal.None;
    }

    public override int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        var now = time.GetUtcNow();
        var best = 0;
        RecordHeader? bestHeader = null;
        for (var i = 0; i < values.Count; i++)
        {
            // Valid a moment ago; one that has expired since is worse than any other.
            if (SignedContent.TryRead(values[i], now, out var content) != RecordRefusal.None || bestHeader is not null && !content!.Header.IsBetterThan(bestHeader))
                continue;
            (best, bestHeader) = (i, content!.Header);
        }
        return best;
    }

    private RecordRefusal Judge(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, out MemberRecords? member)
    {
        member = null;
        if (!RecordKey.TryGetNetwork(key, out var publicKey))
            return RecordRefusal.BadKey;
        foreach (var candidate in Members)
            if (candidate.Reader.PublicKey.Span.SequenceEqual(publicKey.Span))
                member = candidate;
        if (member is not null)
            return member.Reader.TryRead(key, value, time.GetUtcNow(), out _);
        var refusal = SignedContent.TryRead(value, time.GetUtcNow(), out var content);
        return content is null ? refusal
            : content.IsSignedBy(publicKey, key, ed25519) ? RecordRefusal.None
            : RecordRefusal.BadNetworkSignature;
    }
}
