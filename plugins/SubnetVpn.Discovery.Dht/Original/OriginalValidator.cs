using System.Collections.Immutable;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.Discovery.Dht.Validation;

namespace SubnetVpn.Discovery.Dht.Original;

/// <summary>Judges what stands under <c>/vpn/</c>; the newest is the best, where the original takes the first that it finds.</summary>
internal sealed class OriginalValidator(IEd25519 ed25519, TimeProvider time) : ISharedValidator<DhtCounters>
{
    private ImmutableArray<DhtCounters> _counters = [];

    public string Namespace => OriginalRecord.Namespace;

    public void Add(DhtCounters member) => ImmutableInterlocked.Update(ref _counters, static (counters, added) => counters.Add(added), member);

    public int Remove(DhtCounters member)
    {
        ImmutableInterlocked.Update(ref _counters, static (counters, gone) => counters.Remove(gone), member);
        return _counters.Length;
    }

    /// <summary>Whether nobody came before: then it is this network's record that stands.</summary>
    public bool IsFirst(DhtCounters member) => ReferenceEquals(_counters.FirstOrDefault(), member);

    public bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        var refusal = OriginalRecord.TryRead(key, value, time.GetUtcNow(), ed25519, out _);
        if (refusal != RecordRefusal.None)
            _counters.FirstOrDefault()?.Refuse(refusal);
        return refusal == RecordRefusal.None;
    }

    public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values)
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
