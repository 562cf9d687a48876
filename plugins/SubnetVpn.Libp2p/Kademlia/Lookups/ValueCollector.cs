using SubnetVpn.Libp2p.Kademlia.Validation;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>Collects the values that peers hold under one key, and who lacks the best. Not thread-safe.</summary>
internal sealed class ValueCollector(ReadOnlyMemory<byte> key, RecordValidators validators, KademliaCounters counters)
{
    // Several values under one key are rare; a flood of them is not worth keeping.
    private const int MaxValues = 16;

    private readonly List<ReadOnlyMemory<byte>> _values = [];
    private readonly List<(KademliaPeer Peer, int Index)> _answers = [];

    /// <summary>Answers with a valid value so far.</summary>
    public int Answers { get; private set; }

    public void AddOwn(ReadOnlyMemory<byte> value)
    {
        Answers++;
        _values.Add(value);
    }

    /// <summary>Takes a reply: a record of another key, or one that is not valid, is refused and counted, and leaves the peer without a value.</summary>
    public void Add(KademliaPeer peer, KademliaRecord? record)
    {
        int index = -1;
        if (record is not null)
        {
            KademliaRefusal refusal = record.Key.Span.SequenceEqual(key.Span) ? validators.Check(key, record.Value) : KademliaRefusal.WrongKey;
            counters.Refuse(refusal);
            if (refusal == KademliaRefusal.None)
            {
                Answers++;
                index = IndexOf(record.Value);
            }
        }

        _answers.Add((peer, index));
    }

    /// <summary>The values, best first.</summary>
    public FoundValue Best()
    {
        int best = SelectBest();
        return best < 0
            ? new FoundValue([], 0)
            : new FoundValue([_values[best], .. _values.Where((_, index) => index != best)], Answers);
    }

    /// <summary>Peers that answered without the best value, of those that ought to have it.</summary>
    public List<KademliaPeer> WithoutBest(IReadOnlyList<KademliaPeer> closest)
    {
        int best = SelectBest();
        return best < 0 ? [] : [.. _answers.Where(answer => answer.Index != best && closest.Contains(answer.Peer)).Select(static answer => answer.Peer)];
    }

    private int SelectBest()
    {
        if (_values.Count < 2)
        {
            return _values.Count - 1;
        }

        int best = validators.Find(key.Span)?.SelectBest(key, _values) ?? -1;
        return best < _values.Count ? best : -1;
    }

    private int IndexOf(ReadOnlyMemory<byte> value)
    {
        int index = _values.FindIndex(other => other.Span.SequenceEqual(value.Span));
        if (index >= 0)
        {
            return index;
        }

        if (_values.Count >= MaxValues)
        {
            // Room for a better one only: in the place of the best so far.
            int best = SelectBest();
            if (best < 0 || validators.Find(key.Span)?.SelectBest(key, [_values[best], value]) != 1)
            {
                return -1;
            }

            _values[best] = value;
            _answers.RemoveAll(answer => answer.Index == best);
            return best;
        }

        _values.Add(value);
        return _values.Count - 1;
    }
}
