namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>A peer that a lookup heard of.</summary>
/// <param name="peer">The peer.</param>
/// <param name="distance">How far it is from the target.</param>
/// <param name="hops">How many peers had to be asked, one after the other, to hear of it: 0 for one of our own table.</param>
internal sealed class LookupCandidate(KademliaPeer peer, KademliaKey distance, int hops)
{
    public static IComparer<LookupCandidate> ByDistance { get; } =
        Comparer<LookupCandidate>.Create(static (left, right) => left.Distance.CompareTo(right.Distance));

    public KademliaPeer Peer { get; } = peer;

    public KademliaKey Distance { get; } = distance;

    public int Hops { get; } = hops;

    public LookupStage Stage { get; set; }
}
