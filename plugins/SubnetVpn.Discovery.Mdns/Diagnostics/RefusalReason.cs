namespace SubnetVpn.Discovery.Mdns.Diagnostics;

/// <summary>Why something that came over a link was not believed or not read.</summary>
internal enum RefusalReason
{
    /// <summary>Sent to us alone: it may come from anywhere, not from this link only.</summary>
    NotMulticast,

    /// <summary>More than we read of one sender, or of one link, in a second.</summary>
    RateLimited,

    /// <summary>It breaks the format of messages or a limit of it.</summary>
    Malformed,

    /// <summary>More nodes in one message than we read.</summary>
    TooManyInstances,

    /// <summary>A new peer while as many as allowed are known.</summary>
    TooManyPeers,

    /// <summary>More addresses than allowed of one peer.</summary>
    TooManyAddresses,

    /// <summary>An address that is none, or of another peer than the others of the record.</summary>
    BadAddress,

    /// <summary>An address that is not in a subnet of the link.</summary>
    OffLink,

    /// <summary>A claim that cannot be read.</summary>
    BadClaim,

    /// <summary>A claim outside the network's subnets, or of a subnet while routes are not accepted.</summary>
    ForeignClaim,

    /// <summary>A claim of an address of ours: the host is told, and refuses it.</summary>
    OwnAddress,

    /// <summary>A claim of an address that another peer claimed before.</summary>
    Conflict,
}
