using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// Joins the writes that one thread begins on many streams: between <see cref="Begin"/> and <see cref="End"/> they are held
/// back, and then those of each connection leave together, in one encryption and one send while they fit.
/// </summary>
/// <remarks>
/// A write that is held back is pending, and completes on this thread before <see cref="End"/> returns, unless the network
/// takes no more. Only the thread's own writes are held back, so nothing may be awaited meanwhile.
/// </remarks>
public sealed class WriteBatch
{
    [ThreadStatic]
    private static WriteBatch? s_current;

    [ThreadStatic]
    private static WriteBatch? s_spare;

    private readonly List<SendPump> _pumps = [];
    private readonly List<WriteOperation> _done = [];

    private WriteBatch()
    {
    }

    /// <summary>Holds this thread's writes back until <see cref="End"/>.</summary>
    /// <exception cref="InvalidOperationException">They are held back already.</exception>
    public static void Begin()
    {
        if (s_current is not null)
        {
            throw new InvalidOperationException("This thread's writes are held back already.");
        }

        s_current = s_spare ?? new WriteBatch();
        s_spare = null;
    }

    /// <summary>Sends what was held back. Does nothing without <see cref="Begin"/>.</summary>
    public static void End()
    {
        if (s_current is not { } batch)
        {
            return;
        }

        try
        {
            foreach (SendPump pump in batch._pumps)
            {
                pump.Run();
            }
        }
        finally
        {
            // First: what the writers do now belongs to no batch.
            s_current = null;
        }

        foreach (WriteOperation write in batch._done)
        {
            write.Resume();
        }

        batch._pumps.Clear();
        batch._done.Clear();
        s_spare = batch;
    }

    /// <summary>Leaves it to the end of this thread's batch to run a pump, which has the sender's role; false when there is none.</summary>
    internal static bool TryAdd(SendPump pump)
    {
        if (s_current is not { } batch)
        {
            return false;
        }

        batch._pumps.Add(pump);
        return true;
    }

    /// <summary>Leaves it to the end of this thread's batch to resume who awaits a write; false when there is none.</summary>
    internal static bool TryAdd(WriteOperation write)
    {
        if (s_current is not { } batch)
        {
            return false;
        }

        batch._done.Add(write);
        return true;
    }
}
