using System.Collections.Immutable;
using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Validation;

/// <summary>
/// Judges what stands under <c>/svpn/</c>. Records of our networks are read entirely; of those of others, whose keys we lack, it is
/// checked that somebody with the network's key made them. What is cheap to refuse is refused before a signature is checked.
/// </summary>
internal sealed class RecordValidator(IEd25519 ed25519, TimeProvider time) : ISharedValidator<MemberRecords>
{
    private ImmutableArray<MemberRecords> _members = [];

    public string Namespace => RecordKey.Namespace;

    public void Add(MemberRecords member) => ImmutableInterlocked.Update(ref _members, static (members, added) => members.Add(added), member);

    public int Remove(MemberRecords member)
    {
        ImmutableInterlocked.Update(ref _members, static (members, gone) => members.Remove(gone), member);
        return _members.Length;
    }

    public bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        var refusal = Judge(key, value, out var member);
        if (refusal != RecordRefusal.None)
            // One that is of no network of ours counts with the first that shares this store.
            (member ?? _members.FirstOrDefault())?.Counters.Refuse(refusal);
        return refusal == RecordRefusal.None;
    }

    public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values)
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
        foreach (var candidate in _members)
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
