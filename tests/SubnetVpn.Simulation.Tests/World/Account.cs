namespace SubnetVpn.Simulation.Tests.World;

/// <summary>Where the packets of all nodes of a simulation are.</summary>
/// <param name="Taken">Read from TUN devices.</param>
/// <param name="Delivered">Taken by TUN devices.</param>
/// <param name="Dropped">Counted as dropped by a sender or a receiver, but for those in flight.</param>
/// <param name="Lost">Lost in flight, as measured at both ends of the streams that are over.</param>
/// <param name="CountedAsLost">Lost in flight, as the senders counted.</param>
/// <param name="UnderWay">In streams that are not over.</param>
internal readonly record struct Account(long Taken, long Delivered, long Dropped, long Lost, long CountedAsLost, long UnderWay)
{
    /// <summary>Packets that nobody accounts for; negative when some are accounted for twice. Zero once a network has settled.</summary>
    public long Missing => Taken - Delivered - Dropped - Lost;

    public bool IsSettled => Missing == 0 && UnderWay == 0;

    public static Account Of(SimWorld world)
    {
        // Backwards along the way of a packet, so that none is counted at two places.
        var totals = world.Totals;
        var (lost, underWay) = world.Ledger.Measure();
        return new Account(totals.Taken, world.Nodes.Sum(static node => node.Log.Delivered), totals.Dropped, lost, totals.LostInFlight, underWay);
    }
}
