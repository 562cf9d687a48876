namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The counters of a network since it was started. Sent means handed to peers, received means taken from them.</summary>
public sealed record NetworkCounters
{
    /// <summary>Packets handed to peers; a super-packet counts once.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>Bytes of those packets.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Packets taken from peers.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>Bytes of those packets.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Packets of this host that were dropped, by reason, such as <c>no_route</c>.</summary>
    public required IReadOnlyDictionary<string, long> DroppedOutbound { get; init; }

    /// <summary>Packets of peers that were dropped, by reason, such as <c>spoofed_source</c>.</summary>
    public required IReadOnlyDictionary<string, long> DroppedInbound { get; init; }

    /// <summary>Streams that ended with an error, by reason, such as <c>invalid_length</c>.</summary>
    public required IReadOnlyDictionary<string, long> StreamErrors { get; init; }

    /// <summary>Streams that were opened, by either side.</summary>
    public required long StreamsCreated { get; init; }

    /// <summary>Streams that ended.</summary>
    public required long StreamsClosed { get; init; }

    /// <summary>Streams that are open.</summary>
    public required int ActiveStreams { get; init; }

    /// <summary>Flows that are alive.</summary>
    public required int ActiveFlows { get; init; }
}
