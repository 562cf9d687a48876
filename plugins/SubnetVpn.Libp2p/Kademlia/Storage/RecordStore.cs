using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia.Validation;

namespace SubnetVpn.Libp2p.Kademlia.Storage;

/// <summary>
/// The values that peers stored here, bounded in number, bytes and share of one peer. When it is full, what is nearer to us
/// takes the place of what is farthest: the far ones are others' to keep. Our own values are not counted. Thread-safe.
/// </summary>
internal sealed class RecordStore(PeerId self, RecordValidators validators, KademliaLimits limits, TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly KademliaKey _self = KademliaKey.Of(self.Bytes);
    private readonly Dictionary<KademliaKey, StoredRecord> _records = [];
    private readonly SortedSet<KademliaKey> _distances = [];
    private readonly Dictionary<PeerId, int> _perPeer = [];
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Keeps a copy of a value if it is valid, better than what is there, and within the limits.</summary>
    public KademliaRefusal Put(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, PeerId publisher)
    {
        KademliaRefusal refusal = validators.Check(key, value);
        if (refusal != KademliaRefusal.None || validators.Find(key.Span) is not { } validator)
        {
            return refusal == KademliaRefusal.None ? KademliaRefusal.UnknownNamespace : refusal;
        }

        // What is not valid any more must not stand against it.
        Get(key);
        KademliaKey place = KademliaKey.Of(key.Span);
        var record = new StoredRecord(key.ToArray(), value.ToArray(), publisher, time.GetUtcNow());
        lock (_gate)
        {
            StoredRecord? old = Live(place);
            if (old is not null && !old.Value.Span.SequenceEqual(value.Span) && validator.SelectBest(key, [old.Value, record.Value]) == 0)
            {
                return KademliaRefusal.StaleRecord;
            }

            // The quota of whoever stored it first goes on counting, so that storing a value again costs nobody a place.
            if (old is not null && old.Value.Span.SequenceEqual(value.Span) && old.Publisher != self)
            {
                record = record with { Publisher = publisher == self ? self : old.Publisher };
            }

            refusal = record.Publisher == self ? KademliaRefusal.None : MakeRoom(record, place, old);
            if (refusal == KademliaRefusal.None)
            {
                Remove(place);
                Add(place, record);
            }

            return refusal;
        }
    }

    /// <summary>A value that is valid now, such as one with an expiry time in it that is still to come.</summary>
    public StoredRecord? Get(ReadOnlyMemory<byte> key)
    {
        KademliaKey place = KademliaKey.Of(key.Span);
        StoredRecord? record;
        lock (_gate)
        {
            record = Live(place);
        }

        if (record is null || validators.Check(record.Key, record.Value) == KademliaRefusal.None)
        {
            return record;
        }

        lock (_gate)
        {
            if (ReferenceEquals(_records.GetValueOrDefault(place), record))
            {
                Remove(place);
            }
        }

        return null;
    }

    public void RemoveExpired()
    {
        lock (_gate)
        {
            foreach (KademliaKey place in _records.Keys.ToArray())
            {
                Live(place);
            }
        }
    }

    private StoredRecord? Live(KademliaKey place)
    {
        if (_records.GetValueOrDefault(place) is not { } record)
        {
            return null;
        }

        if (time.GetUtcNow() - record.ReceivedAt < lifetime)
        {
            return record;
        }

        Remove(place);
        return null;
    }

    private KademliaRefusal MakeRoom(StoredRecord record, KademliaKey place, StoredRecord? old)
    {
        bool isHisAlready = old is not null && old.Publisher == record.Publisher;
        if (!isHisAlready && _perPeer.GetValueOrDefault(record.Publisher) >= limits.MaxRecordsPerPeer)
        {
            return KademliaRefusal.PeerQuota;
        }

        KademliaKey distance = place.DistanceTo(_self);
        while (IsFull(record, old))
        {
            KademliaKey farthest = _distances.Max;
            if (_distances.Count == 0 || farthest.CompareTo(distance) <= 0)
            {
                return KademliaRefusal.StoreFull;
            }

            Remove(farthest.DistanceTo(_self));
        }

        return KademliaRefusal.None;
    }

    private bool IsFull(StoredRecord record, StoredRecord? old)
    {
        bool replaces = old is not null && old.Publisher != self;
        return _distances.Count + (replaces ? 0 : 1) > limits.MaxRecords
            || _bytes + record.Bytes - (replaces ? old!.Bytes : 0) > limits.MaxRecordBytes;
    }

    private void Add(KademliaKey place, StoredRecord record)
    {
        _records.Add(place, record);
        if (record.Publisher != self)
        {
            _distances.Add(place.DistanceTo(_self));
            _bytes += record.Bytes;
            _perPeer[record.Publisher] = _perPeer.GetValueOrDefault(record.Publisher) + 1;
        }
    }

    private void Remove(KademliaKey place)
    {
        if (!_records.Remove(place, out StoredRecord? record) || record.Publisher == self)
        {
            return;
        }

        _distances.Remove(place.DistanceTo(_self));
        _bytes -= record.Bytes;
        if (--_perPeer[record.Publisher] == 0)
        {
            _perPeer.Remove(record.Publisher);
        }
    }
}
