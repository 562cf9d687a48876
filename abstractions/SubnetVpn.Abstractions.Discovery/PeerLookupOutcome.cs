namespace SubnetVpn.Discovery;

/// <summary>What came of a search for a peer.</summary>
public enum PeerLookupOutcome
{
    /// <summary>Nobody holds the address, as far as the source knows.</summary>
    NotFound,

    /// <summary>The peer was found.</summary>
    Found,

    /// <summary>The source could not be asked.</summary>
    Failed,
}
