using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.Discovery.Dht.Validation;

namespace SubnetVpn.Discovery.Dht.Original;

/// <summary>Judges what stands under <c>/vpn/</c>; the newest is the best, where the original takes the first that it finds.</summary>
internal sealed class OriginalValidator(IEd25519 ed25519, TimeProvider time) : SharedValidator<DhtCounters>
{
    public override string Namespace => OriginalRecord.Namespace;

    /// <summary>Whether nobody came before: then it is this network's record that stands.</summary>
    public bool IsFirst(DhtCounters member) => ReferenceEquals(Members.FirstOrDefault(), member);

    public override bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        var refusal = OriginalRecord.TryRead(key, value, time.GetUtcNow(), ed25519, out _);
        if (refusal != RecordRefusal.None)
            Members.FirstOrDefault()?.Refuse(refusal);
        return refusal == RecordRefusal.None;
    }

    public override int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        var now = time.GetUtcNow();
        var best = 0;
        OriginalRecord? newest = null;
        for (var i = 0; i < values.Count; i++)
        {
            if (OriginalRecord.TryRead(key, values[i], now, ed25519, out var record) != RecordRefusal.None)
                continue;
            // Of one second, the same one everywhere.
            var order = newest is null ? 1 : record!.Issued.CompareTo(newest.Issued);
            if (order > 0 || (order == 0 && record!.Address > newest!.Address))
                (best, newest) = (i, record);
        }
        return best;
    }
}
