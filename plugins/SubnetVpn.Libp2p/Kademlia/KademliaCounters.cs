using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Kademlia.Lookups;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>The counters of one node. Safe from any thread.</summary>
internal sealed class KademliaCounters
{
    private long _answered;
    private long _lookups;
    private long _corrected;

    /// <summary>What we refused of others: requests, and records in replies.</summary>
    public EnumCounters<KademliaRefusal> Refusals { get; } = new();

    /// <summary>Our requests, by what came of them.</summary>
    public EnumCounters<RequestFailure> Requests { get; } = new();

    public long Answered => Interlocked.Read(ref _answered);

    public long Lookups => Interlocked.Read(ref _lookups);

    public long Corrected => Interlocked.Read(ref _corrected);

    public void CountAnswer() => Interlocked.Increment(ref _answered);

    public void CountLookup() => Interlocked.Increment(ref _lookups);

    public void CountCorrection() => Interlocked.Increment(ref _corrected);

    public void Refuse(KademliaRefusal refusal)
    {
        if (refusal != KademliaRefusal.None)
        {
            Refusals.Increment(refusal);
        }
    }
}
