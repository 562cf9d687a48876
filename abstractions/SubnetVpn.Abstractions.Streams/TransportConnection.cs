namespace SubnetVpn.Streams;

/// <summary>A connection to a peer.</summary>
public sealed record TransportConnection
{
    /// <summary>The peer, proven.</summary>
    public required PeerId Peer { get; init; }

    /// <summary>The other end, as a multiaddress.</summary>
    public required string RemoteAddress { get; init; }

    /// <summary>Whether the peer dialled us.</summary>
    public required bool IsInbound { get; init; }

    /// <summary>When it came up.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Bytes taken from the wire.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes put on the wire.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Streams on it now.</summary>
    public required int Streams { get; init; }

    /// <summary>The last measured round-trip time; null before the first.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>What it runs on, such as <c>tcp/noise/yamux, bbr</c>.</summary>
    public required string Description { get; init; }
}
