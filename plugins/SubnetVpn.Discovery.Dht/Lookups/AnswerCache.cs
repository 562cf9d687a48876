namespace SubnetVpn.Discovery.Dht.Lookups;

/// <summary>What the table said, remembered: as many answers as said, the oldest go first. Thread-safe.</summary>
internal sealed class AnswerCache(int capacity, PeerId self, DhtOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<VirtualIp, LinkedListNode<(VirtualIp Address, Answer Answer)>> _answers = [];

    // The latest last.
    private readonly LinkedList<(VirtualIp Address, Answer Answer)> _order = new();

    public int Count
    {
        get
        {
            lock (_gate)
                return _answers.Count;
        }
    }

    /// <summary>
    /// An answer that need not be asked for again now: a record for the first half of its time, so that one in use is renewed before it
    /// ends. One of our own is as good as none: who asks wants to know whether somebody else is there meanwhile.
    /// </summary>
    public Answer? FindFresh(VirtualIp address)
    {
        if (Find(address) is not { } answer)
            return null;
        var isHeld = answer is { Record: { IsReleased: false } record, Failure: null } && record.Peer != self && record.Header.Expires > time.GetUtcNow();
        return time.GetElapsedTime(answer.At) < (isHeld ? options.AnswerLifetime / 2 : options.FailureLifetime) ? answer : null;
    }

    /// <summary>
    /// Takes what the table said now. A record that was known and still holds is not replaced by an older one of its peer, nor by nothing:
    /// nobody can put back the former, or hide it. One of another peer replaces it: the table would have said the better of both.
    /// </summary>
    public Answer Put(VirtualIp address, Answer answer)
    {
        lock (_gate)
        {
            if (_answers.Remove(address, out var known))
            {
                _order.Remove(known);
                if (known.Value.Answer.Record is { } record && record.Header.Expires > time.GetUtcNow()
                    && (answer.Record is not { } found || (found.Peer == record.Peer && record.Header.IsBetterThan(found.Header))))
                    answer = answer with { Record = record };
            }
            if (_answers.Count >= capacity)
            {
                _answers.Remove(_order.First!.Value.Address);
                _order.RemoveFirst();
            }
            _answers.Add(address, _order.AddLast((address, answer)));
            return answer;
        }
    }

    private Answer? Find(VirtualIp address)
    {
        lock (_gate)
            return _answers.TryGetValue(address, out var node) ? node.Value.Answer : null;
    }
}
