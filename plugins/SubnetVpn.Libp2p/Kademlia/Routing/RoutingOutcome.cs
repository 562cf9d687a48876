namespace SubnetVpn.Libp2p.Kademlia.Routing;

/// <summary>What became of a peer that was seen.</summary>
internal enum RoutingOutcome
{
    /// <summary>It is new in the table.</summary>
    Added,

    /// <summary>It is in the table, and known to be alive again.</summary>
    Refreshed,

    /// <summary>Its bucket is full; it waits for a place.</summary>
    Waiting,

    /// <summary>Its network has as many peers in the table as it may.</summary>
    PrefixLimit,

    /// <summary>It is the owner of the table.</summary>
    Self,
}
