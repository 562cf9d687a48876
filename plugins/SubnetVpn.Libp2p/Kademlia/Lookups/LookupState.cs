using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>
/// An iterative lookup, without I/O: who is to be asked next, until the k nearest peers that live have all answered.
/// Bounded: of what peers tell, only the nearest are remembered. Not thread-safe.
/// </summary>
internal sealed class LookupState(KademliaKey target, PeerId self, int k)
{
    /// <summary>Candidates beyond the k that count: what takes the place of those that fail.</summary>
    private const int MaxCandidates = 512;

    private readonly SortedSet<LookupCandidate> _candidates = new(LookupCandidate.ByDistance);

    public void Hear(IEnumerable<KademliaPeer> peers, int hops)
    {
        foreach (KademliaPeer peer in peers)
        {
            if (peer.Id == self)
            {
                continue;
            }

            var candidate = new LookupCandidate(peer, KademliaKey.Of(peer.Id.Bytes).DistanceTo(target), hops);
            if (_candidates.Count >= MaxCandidates)
            {
                LookupCandidate farthest = _candidates.Max!;
                if (farthest.Distance.CompareTo(candidate.Distance) <= 0 || farthest.Stage == LookupStage.Asked)
                {
                    continue;
                }

                if (_candidates.Add(candidate))
                {
                    _candidates.Remove(farthest);
                }
            }
            else
            {
                _candidates.Add(candidate);
            }
        }
    }

    /// <summary>The nearest peer that was not asked, if it is among the k nearest that did not fail.</summary>
    public LookupCandidate? TakeNext()
    {
        int alive = 0;
        foreach (LookupCandidate candidate in _candidates)
        {
            if (candidate.Stage == LookupStage.Heard)
            {
                candidate.Stage = LookupStage.Asked;
                return candidate;
            }

            if (candidate.Stage != LookupStage.Failed && ++alive >= k)
            {
                return null;
            }
        }

        return null;
    }

    public void Answered(LookupCandidate candidate, IReadOnlyList<KademliaPeer> closer)
    {
        candidate.Stage = LookupStage.Answered;
        Hear(closer.Take(k), candidate.Hops + 1);
    }

    /// <summary>The nearest peers that answered, nearest first.</summary>
    public List<LookupCandidate> Closest() =>
        [.. _candidates.Where(static candidate => candidate.Stage == LookupStage.Answered).Take(k)];
}
