using System.Net;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia.Routing;

/// <summary>
/// The peers we know, in buckets by how many leading bits of their key are ours. A bucket keeps its peers while they live:
/// a newcomer to a full one waits in its replacement cache, and the peer that was not heard of for longest is to be pinged.
/// Without I/O; thread-safe.
/// <code>
/// seen ─▶ room in its bucket? ─yes─▶ entry (most recently seen last)
///               └no─▶ replacements ◀─ promoted when an entry failed twice
/// </code>
/// </summary>
internal sealed class RoutingTable(PeerId self, KademliaLimits limits, TimeSpan livenessGrace, TimeProvider time)
{
    private const int MaxFailures = 2;

    private readonly Lock _gate = new();
    private readonly RoutingBucket?[] _buckets = new RoutingBucket?[KademliaKey.Bits];
    private readonly KademliaKey _self = KademliaKey.Of(self.Bytes);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// A peer that serves the protocol was heard of by itself. <paramref name="toCheck"/> is a peer whose life is in question
    /// because of it: ping it, and report the outcome here or to <see cref="Failed"/>.
    /// </summary>
    public RoutingOutcome Seen(KademliaPeer peer, IPAddress? remote, out KademliaPeer? toCheck)
    {
        toCheck = null;
        KademliaKey key = KademliaKey.Of(peer.Id.Bytes);
        if (key == _self)
        {
            return RoutingOutcome.Self;
        }

        lock (_gate)
        {
            RoutingBucket bucket = _buckets[_self.CommonPrefix(key)] ??= new RoutingBucket();
            DateTimeOffset now = time.GetUtcNow();
            NetworkPrefix? prefix = NetworkPrefix.Of(remote);
            if (bucket.Find(key) is { } known)
            {
                bucket.Touch(known, peer, now);
                return RoutingOutcome.Refreshed;
            }

            if (IsOverPrefixLimit(prefix, bucket))
            {
                return RoutingOutcome.PrefixLimit;
            }

            var entry = new RoutingEntry(peer, key, prefix, now);
            if (bucket.Entries.Count < KademliaConstants.K)
            {
                bucket.Entries.Add(entry);
                _count++;
                return RoutingOutcome.Added;
            }

            bucket.Wait(entry);
            toCheck = bucket.TakeOldest(now - livenessGrace)?.Peer;
            return RoutingOutcome.Waiting;
        }
    }

    /// <summary>A request to the peer failed. The second time in a row costs it its place.</summary>
    public void Failed(PeerId peer) => Drop(peer, static entry => ++entry.Failures >= MaxFailures);

    /// <summary>The peer does not serve the protocol any more.</summary>
    public void Remove(PeerId peer) => Drop(peer, static _ => true);

    public KademliaPeer? Find(PeerId peer)
    {
        KademliaKey key = KademliaKey.Of(peer.Bytes);
        lock (_gate)
        {
            return key == _self ? null : _buckets[_self.CommonPrefix(key)]?.Find(key)?.Peer;
        }
    }

    /// <summary>The peers nearest to a key, nearest first.</summary>
    public List<KademliaPeer> Closest(KademliaKey target, int count, PeerId except = default)
    {
        var found = new List<(KademliaKey Distance, KademliaPeer Peer)>();
        lock (_gate)
        {
            foreach (RoutingBucket? bucket in _buckets)
            {
                if (bucket is not null)
                {
                    found.AddRange(bucket.Entries.Select(entry => (entry.Key.DistanceTo(target), entry.Peer)));
                }
            }
        }

        found.Sort(static (left, right) => left.Distance.CompareTo(right.Distance));
        return [.. found.Select(static pair => pair.Peer).Where(peer => except.IsEmpty || peer.Id != except).Take(count)];
    }

    /// <summary>Peers that were not heard of for some time, longest first.</summary>
    public List<KademliaPeer> NotSeenFor(TimeSpan age, int count)
    {
        lock (_gate)
        {
            DateTimeOffset limit = time.GetUtcNow() - age;
            return [.. All().Where(entry => entry.SeenAt <= limit).OrderBy(static entry => entry.SeenAt).Take(count).Select(static entry => entry.Peer)];
        }
    }

    /// <summary>The deepest bucket that holds a peer; -1 when the table is empty.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return Array.FindLastIndex(_buckets, static bucket => bucket?.Entries.Count > 0);
            }
        }
    }

    private IEnumerable<RoutingEntry> All() => _buckets.OfType<RoutingBucket>().SelectMany(static bucket => bucket.Entries);

    private bool IsOverPrefixLimit(NetworkPrefix? prefix, RoutingBucket bucket) =>
        prefix is not null
        && (bucket.Entries.Count(entry => entry.Prefix == prefix) >= limits.MaxPeersPerPrefixAndBucket
            || All().Count(entry => entry.Prefix == prefix) >= limits.MaxPeersPerPrefix);

    private void Drop(PeerId peer, Func<RoutingEntry, bool> shallGo)
    {
        KademliaKey key = KademliaKey.Of(peer.Bytes);
        if (key == _self)
        {
            return;
        }

        lock (_gate)
        {
            if (_buckets[_self.CommonPrefix(key)] is not { } bucket)
            {
                return;
            }

            bucket.StopWaiting(key);
            if (bucket.Find(key) is not { } entry)
            {
                return;
            }

            entry.InQuestion = false;
            if (!shallGo(entry))
            {
                return;
            }

            bucket.Entries.Remove(entry);
            _count--;
            while (bucket.TakeReplacement() is { } replacement)
            {
                if (!IsOverPrefixLimit(replacement.Prefix, bucket))
                {
                    bucket.Entries.Add(replacement);
                    _count++;
                    return;
                }
            }
        }
    }
}
