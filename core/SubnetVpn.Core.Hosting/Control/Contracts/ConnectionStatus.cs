namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One connection to a peer.</summary>
public sealed record ConnectionStatus
{
    /// <summary>The other end, as a multiaddress.</summary>
    public required string Address { get; init; }

    /// <summary><c>inbound</c> or <c>outbound</c>.</summary>
    public required string Direction { get; init; }

    /// <summary>When it came up.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The last measured round-trip time in milliseconds; null before the first.</summary>
    public double? RoundTripMilliseconds { get; init; }

    /// <summary>Streams on it, those of other networks included.</summary>
    public required int Streams { get; init; }

    /// <summary>Bytes taken from the wire.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes put on the wire.</summary>
    public required long BytesSent { get; init; }

    /// <summary>What it runs on, such as <c>tcp/noise/yamux, bbr</c>.</summary>
    public required string Description { get; init; }
}
