namespace SubnetVpn.Simulation.Tests.World;

/// <summary>What a node counted in all its lives.</summary>
internal readonly record struct NodeTotals
{
    /// <summary>Packets it read from its TUN device.</summary>
    public long Taken { get; init; }

    public long Sent { get; init; }

    public long Received { get; init; }

    /// <summary>Drops of both directions, but for those in flight.</summary>
    public long Dropped { get; init; }

    /// <summary>Drops of the reason <see cref="PacketDropReason.LostInFlight"/>.</summary>
    public long LostInFlight { get; init; }

    public long StreamsCreated { get; init; }

    public long StreamsClosed { get; init; }

    public int Workers { get; init; }

    public static NodeTotals operator +(NodeTotals left, NodeTotals right) => new()
    {
        Taken = left.Taken + right.Taken,
        Sent = left.Sent + right.Sent,
        Received = left.Received + right.Received,
        Dropped = left.Dropped + right.Dropped,
        LostInFlight = left.LostInFlight + right.LostInFlight,
        StreamsCreated = left.StreamsCreated + right.StreamsCreated,
        StreamsClosed = left.StreamsClosed + right.StreamsClosed,
        Workers = left.Workers + right.Workers,
    };
}
