namespace SubnetVpn;

/// <summary>
/// Why a packet was dropped. Each is a counter, in the metric <c>subnetvpn.packets.dropped</c> with the label
/// <c>reason</c>. A drop is never an exception and never a log line of its own.
/// </summary>
public enum PacketDropReason
{
    /// <summary>Not dropped.</summary>
    None = 0,

    /// <summary>The packet is no well-formed IPv4 or IPv6 packet.</summary>
    Malformed,

    /// <summary>The destination is multicast, broadcast, link-local or unspecified: a mesh of peers does not carry it.</summary>
    NotUnicast,

    /// <summary>A packet of this host with a source address that this node does not hold.</summary>
    SourceNotOurs,

    /// <summary>A packet from a peer with a source address that the peer does not hold.</summary>
    SpoofedSource,

    /// <summary>A packet from a peer with a destination that this node neither is nor routes.</summary>
    DestinationNotOurs,

    /// <summary>The port is listed in <c>unallowed_ports</c>.</summary>
    PortNotAllowed,

    /// <summary>No peer holds the destination address, as far as discovery knows.</summary>
    NoRoute,

    /// <summary>The buffer of the flow was full while it waited for its peer or stream.</summary>
    WorkerBufferFull,

    /// <summary>The queue of the stream was full: packets came faster than the peer took them.</summary>
    StreamQueueFull,

    /// <summary>The packet waited too long in a queue.</summary>
    WaitedTooLong,

    /// <summary>The stream ended while the packet was queued or being written.</summary>
    StreamFailed,

    /// <summary>No stream to the peer could be had.</summary>
    PeerUnreachable,

    /// <summary>The circuit breaker of the peer is open.</summary>
    CircuitOpen,

    /// <summary>The packet is larger than the receiver accepts.</summary>
    TooLarge,

    /// <summary>The offload header does not fit the packet.</summary>
    InvalidOffload,

    /// <summary>The TUN device refused the packet.</summary>
    TunWriteFailed,

    /// <summary>There are as many flows as are allowed at once.</summary>
    TooManyFlows,

    /// <summary>The node was stopping.</summary>
    Stopping,

    /// <summary>The stream took the packet and then ended before the peer had read it, as the peer says.</summary>
    LostInFlight,
}
