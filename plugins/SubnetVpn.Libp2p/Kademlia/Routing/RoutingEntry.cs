using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia.Routing;

/// <summary>A peer of the table. Guarded by the lock of the table.</summary>
internal sealed class RoutingEntry(KademliaPeer peer, KademliaKey key, NetworkPrefix? prefix, DateTimeOffset seenAt)
{
    public KademliaPeer Peer { get; set; } = peer;

    public KademliaKey Key { get; } = key;

    public NetworkPrefix? Prefix { get; set; } = prefix;

    public DateTimeOffset SeenAt { get; set; } = seenAt;

    /// <summary>In a row.</summary>
    public int Failures { get; set; }

    /// <summary>Somebody was told to find out whether it is alive.</summary>
    public bool InQuestion { get; set; }

    public PeerId Id => Peer.Id;
}
