namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>Why something that a peer sent or asked for was refused. Each is counted.</summary>
public enum KademliaRefusal
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>Not a message of the protocol.</summary>
    Malformed,

    /// <summary>A message, key or value beyond its limit.</summary>
    TooLarge,

    /// <summary>A type of request that does not exist.</summary>
    UnknownType,

    /// <summary>A request without a key, or a record without one or with another one.</summary>
    WrongKey,

    /// <summary>A request to store without what is to be stored.</summary>
    NothingToStore,

    /// <summary>The key has a namespace that nobody here can validate.</summary>
    UnknownNamespace,

    /// <summary>The validator of the namespace says no.</summary>
    InvalidRecord,

    /// <summary>We hold a better record.</summary>
    StaleRecord,

    /// <summary>A provider record that names another peer than its sender.</summary>
    ForeignProvider,

    /// <summary>A provider record without an address.</summary>
    NoAddress,

    /// <summary>The sender has as many records here as one peer may.</summary>
    PeerQuota,

    /// <summary>The store is full, and this is not near enough to take the place of something else.</summary>
    StoreFull,

    /// <summary>The peer has too many streams open, or all peers together.</summary>
    TooManyStreams,

    /// <summary>The peer asks too fast.</summary>
    TooManyRequests,

    /// <summary>The stream was silent in the middle of a message, or a reply came too late.</summary>
    TimedOut,

    /// <summary>A reply of another type than the request.</summary>
    WrongReply,

    /// <summary>Too many peers of one network prefix in the routing table.</summary>
    PrefixLimit,
}
