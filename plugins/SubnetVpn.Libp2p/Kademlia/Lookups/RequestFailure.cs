namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>Why a request to a peer brought nothing.</summary>
public enum RequestFailure
{
    /// <summary>It was answered.</summary>
    None = 0,

    /// <summary>The peer could not be reached.</summary>
    Unreachable,

    /// <summary>It does not serve the protocol: a client, or another network.</summary>
    NotServed,

    /// <summary>It did not answer in time.</summary>
    TimedOut,

    /// <summary>It ended the stream instead of answering: it refuses.</summary>
    Refused,

    /// <summary>Its answer was not one.</summary>
    BadReply,

    /// <summary>We gave up.</summary>
    Cancelled,
}
