namespace SubnetVpn;

/// <summary>The counters of one network at one moment. Counters only grow while the network runs.</summary>
public sealed record VpnMetricsSnapshot
{
    /// <summary>Packets taken from peers and written to the TUN device.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Bytes of those packets.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Packets handed to peers.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Bytes of those packets.</summary>
    public long BytesSent { get; init; }

    /// <summary>Packets of this host that were dropped, by reason; reasons that never occurred are left out.</summary>
    public IReadOnlyDictionary<PacketDropReason, long> OutboundDrops { get; init; } = new Dictionary<PacketDropReason, long>();

    /// <summary>Packets of peers that were dropped, by reason; reasons that never occurred are left out.</summary>
    public IReadOnlyDictionary<PacketDropReason, long> InboundDrops { get; init; } = new Dictionary<PacketDropReason, long>();

    /// <summary>Streams that ended with an error, by its name.</summary>
    public IReadOnlyDictionary<string, long> StreamErrors { get; init; } = new Dictionary<string, long>();

    /// <summary>Streams that were opened, by either side.</summary>
    public long StreamsCreated { get; init; }

    /// <summary>Streams that ended.</summary>
    public long StreamsClosed { get; init; }

    /// <summary>Streams that are open now.</summary>
    public int ActiveStreams { get; init; }

    /// <summary>Workers (flows) that are alive now.</summary>
    public int ActiveWorkers { get; init; }
}
