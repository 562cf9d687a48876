namespace SubnetVpn.Discovery;

/// <summary>
/// How far a mapping can be trusted, in rising order. A lookup ends with the first answer that is <see cref="Signed"/> or above;
/// where mappings disagree, the more trusted one holds the address, and less trusted ones are refused.
/// </summary>
public enum MappingTrust
{
    /// <summary>
    /// Somebody said so. Used when no source says more, and for single addresses of the network's subnets only; in networks with a key,
    /// where the connection proves that the peer is a member, in open ones, and in those with a registry that gives the address to the peer.
    /// </summary>
    Hearsay = 0,

    /// <summary>The peer itself signed it. For single addresses of the network's subnets only, in the same networks as <see cref="Hearsay"/>.</summary>
    Signed = 1,

    /// <summary>A member of the network, proven by its key, signed it.</summary>
    Member = 2,

    /// <summary>The operator's own configuration, or the registry of the network.</summary>
    Authoritative = 3,
}
