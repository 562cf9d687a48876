namespace SubnetVpn.Libp2p.Kademlia.Routing;

/// <summary>A bucket: at most 20 peers, the one heard of last at the end, and as many that wait. Guarded by the lock of the table.</summary>
internal sealed class RoutingBucket
{
    private readonly List<RoutingEntry> _replacements = [];

    public List<RoutingEntry> Entries { get; } = [];

    public RoutingEntry? Find(KademliaKey key) => Entries.Find(entry => entry.Key == key);

    public void Touch(RoutingEntry entry, KademliaPeer peer, DateTimeOffset now)
    {
        entry.SeenAt = now;
        entry.Failures = 0;
        entry.InQuestion = false;
        if (peer.Addresses.Count > 0)
        {
            entry.Peer = peer;
        }

        Entries.Remove(entry);
        Entries.Add(entry);
    }

    /// <summary>The newest that wait are kept: they are the likeliest to be alive.</summary>
    public void Wait(RoutingEntry entry)
    {
        StopWaiting(entry.Key);
        if (_replacements.Count >= KademliaConstants.K)
        {
            _replacements.RemoveAt(0);
        }

        _replacements.Add(entry);
    }

    public void StopWaiting(KademliaKey key) => _replacements.RemoveAll(other => other.Key == key);

    public RoutingEntry? TakeReplacement()
    {
        RoutingEntry? last = _replacements.Count > 0 ? _replacements[^1] : null;
        if (last is not null)
        {
            _replacements.RemoveAt(_replacements.Count - 1);
        }

        return last;
    }

    /// <summary>The peer that was not heard of for longest, if that is before then and nobody is finding out about it yet.</summary>
    public RoutingEntry? TakeOldest(DateTimeOffset before)
    {
        RoutingEntry? oldest = Entries.Find(entry => !entry.InQuestion && entry.SeenAt <= before);
        if (oldest is not null)
        {
            oldest.InQuestion = true;
        }

        return oldest;
    }
}
