namespace SubnetVpn.Core.Diagnostics;

/// <summary>One stream to a peer at one moment.</summary>
/// <param name="Id">Its number in the pool.</param>
/// <param name="Name">Its name in the transport.</param>
/// <param name="Protocol">The protocol id.</param>
/// <param name="Flows">Flows assigned to it.</param>
/// <param name="QueuedPackets">Packets waiting in its queue.</param>
/// <param name="PacketsSent">Packets written to it.</param>
/// <param name="BytesSent">Bytes of those packets.</param>
public sealed record StreamSnapshot(int Id, string Name, string Protocol, int Flows, int QueuedPackets, long PacketsSent, long BytesSent)
{
    /// <summary>Its lane: streams of different lanes run over different connections, as far as there are several. Default: 0.</summary>
    public int Lane { get; init; }

    /// <summary>The address of the other end; null when that was not told.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Packets that its queue holds at most; 0 when that was not told.</summary>
    public int QueueCapacity { get; init; }

    /// <summary>Bytes waiting in its queue.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>How long the packets of the last batch had waited in the queue; null before the first, and when that is not measured.</summary>
    public TimeSpan? QueueWait { get; init; }

    /// <summary>Time since it was opened.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Time since the last packet for it.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>Health checks that failed in a row, 0 when the last one passed; null when it was not checked yet.</summary>
    public int? FailedChecks { get; init; }

    /// <summary>The round-trip time of the last ping on it; null before the first, and where the protocol has none.</summary>
    public TimeSpan? RoundTripTime { get; init; }
}
