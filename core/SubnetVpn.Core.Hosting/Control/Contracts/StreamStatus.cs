namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One stream that carries our packets to a peer.</summary>
public record StreamStatus
{
    /// <summary>Its number in the pool.</summary>
    public required int Id { get; init; }

    /// <summary>Its name in the transport, such as <c>c3/5</c>: connection 3, stream 5.</summary>
    public required string Name { get; init; }

    /// <summary>The protocol id.</summary>
    public required string Protocol { get; init; }

    /// <summary>Its lane: streams of different lanes run over different connections, as far as there are several.</summary>
    public required int Lane { get; init; }

    /// <summary>The address of the other end; null when it is not known.</summary>
    public string? Address { get; init; }

    /// <summary>Flows assigned to it.</summary>
    public required int Flows { get; init; }

    /// <summary>Packets waiting for it.</summary>
    public required int QueuedPackets { get; init; }

    /// <summary>Bytes of those packets.</summary>
    public required long QueuedBytes { get; init; }

    /// <summary>Packets that may wait for it; 0 when that is not known.</summary>
    public required int QueueCapacity { get; init; }

    /// <summary>How long its last batch had waited, in milliseconds; null before the first.</summary>
    public double? QueueWaitMilliseconds { get; init; }

    /// <summary>Packets written to it.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>Bytes of those packets.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Seconds since it was opened.</summary>
    public required double AgeSeconds { get; init; }

    /// <summary>Seconds since the last packet for it.</summary>
    public required double IdleSeconds { get; init; }

    /// <summary><c>ok</c>, <c>failing</c>, or <c>unchecked</c> before the first health check.</summary>
    public required string Health { get; init; }

    /// <summary>Health checks that failed in a row.</summary>
    public required int FailedChecks { get; init; }

    /// <summary>The round-trip time of the last ping on it, in milliseconds; null before the first, and where the protocol has none.</summary>
    public double? RoundTripMilliseconds { get; init; }
}
