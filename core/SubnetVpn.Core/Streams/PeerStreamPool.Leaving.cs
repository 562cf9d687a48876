using SubnetVpn.Core.Dispatch;

namespace SubnetVpn.Core.Streams;

// How a flow of few packets gets out of the way of one that saturates the path. Streams are on connections of their own, so on
// another one it waits neither in the queue of the stream, nor in the muxer, nor for what the kernel has not sent yet.
//
//   its packet finds a queue that others made long ──another stream has a short one──▶ Move to that
//
// (100 Mbit/s, 10 ms each way, one cubic flow inside. Ping beside it, when it has left: 24 to 27 ms at best, 35 to 45 ms when BBR of
// the outer connection fills its window of two round trips; 44 to 55 ms when it stays; 21 ms idle. Throughput is the same.)
internal sealed partial class PeerStreamPool
{
    // A move holds the flow up for a round trip: it must be worth that.
    private static readonly TimeSpan s_longWait = DelayControl.Target / 2;

    // What a queue of that is empty had waited says nothing any more after this long.
    private static readonly TimeSpan s_recently = DelayControl.Interval;

    // How many times as long the one wait must be as the other: flows are not to go to and fro between equals.
    private const int MuchLonger = 4;

    private void LeaveQueue(FlowWorker worker, StreamChannel channel, long now)
    {
        if (_channels.Count < 2 || channel.IsLegacy || channel.HasEnded)
            return;
        var wait = channel.GetQueueDelay(now);
        // What waits for so long that the answer would come too late stays.
        if (wait < s_longWait || wait > s_maxMove / 2)
            return;
        StreamChannel? best = null;
        foreach (var other in _channels)
            if (other != channel && !other.HasEnded && !other.IsLegacy && GetRecentWait(other, now) * MuchLonger <= wait && (best is null || other.Flows < best.Flows))
                best = other;
        if (best is not null)
            Move(worker, best);
    }

    private TimeSpan GetRecentWait(StreamChannel channel, long now) =>
        channel.Queued.Packets == 0 && Time.GetElapsedTime(channel.LastUsed, now) > s_recently ? TimeSpan.Zero : channel.GetQueueDelay(now);
}
