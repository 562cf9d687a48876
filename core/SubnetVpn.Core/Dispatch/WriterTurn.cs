using SubnetVpn.Core.Streams;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// The writers that wait for a packet and are given one during a turn of the TUN reader: what it read without waiting. They are woken
/// when the turn ends, so that the packets of a turn share a frame, an encryption and a send.
/// </summary>
/// <remarks>
/// After a turn of small packets the writers run on the reader's own thread: the packet is on the wire without waiting for another
/// thread to wake up. (Measured on two cores, idle ping through both ends: see tests/bench.) Large packets are worth a
/// thread of their own: the reader reads on while they are encrypted. Writers of several streams that run here share the sends of
/// their connections, where the transport can do that: 1,000 flows over ten streams cost 10 us per packet for 12 before, at 20,000
/// packets a second. One per reader; not thread-safe.
/// </remarks>
/// <param name="writes">What joins the writes of the transport; null when it cannot.</param>
internal sealed class WriterTurn(IWriteBatching? writes)
{
    [ThreadStatic]
    private static WriterTurn? s_current;

    private PacketQueue[] _queues = new PacketQueue[4];
    private int _count;

    /// <summary>Leaves the waking of a queue's writer to the end of this thread's turn; false when the thread has none.</summary>
    public static bool TryAdd(PacketQueue queue)
    {
        if (s_current is not { } turn)
            return false;
        if (turn._count == turn._queues.Length)
            Array.Resize(ref turn._queues, turn._count * 2);
        turn._queues[turn._count++] = queue;
        return true;
    }

    /// <summary>Begins a turn on this thread, or goes on with it.</summary>
    public void Begin() => s_current = this;

    /// <summary>Ends it, if there is one, and wakes the writers.</summary>
    /// <param name="runHere">Whether they run on this thread, until they wait for something.</param>
    public void End(bool runHere)
    {
        // First: what the writers do here belongs to no turn.
        s_current = null;
        var joined = runHere && _count > 1 ? writes : null;
        joined?.BeginWrites();
        for (var i = 0; i < _count; i++)
        {
            var queue = _queues[i];
            _queues[i] = null!;
            queue.WakeWriter(runHere);
        }
        _count = 0;
        joined?.EndWrites();
    }
}
