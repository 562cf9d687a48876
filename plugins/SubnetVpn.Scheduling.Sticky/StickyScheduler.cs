using SubnetVpn.Plugins;
using SubnetVpn.Streams;

namespace SubnetVpn.Scheduling.Sticky;

/// <summary>Gives a new flow the least loaded stream, and grows the pool when every stream is busy.</summary>
internal sealed class StickyScheduler(SchedulerSettings settings) : IStreamScheduler, IReconfigurable<SchedulerSettings>
{
    /// <summary>A packet that waited so long shows a queue that is as good as full: 100 ms, the interval of CoDel (RFC 8289 section 3.2).</summary>
    internal static readonly TimeSpan LongDelay = TimeSpan.FromMilliseconds(100);

    private volatile SchedulerSettings _settings = settings;

    internal StickyScheduler()
        : this(new SchedulerSettings())
    {
    }

    private double BusyFlows => Math.Max(1, _settings.UsageCountThreshold);

    private double BusyFilling => _settings.BufferUtilThreshold / 100.0;

    public void Apply(SchedulerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    public int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> streams)
    {
        if (streams.IsEmpty)
            throw new ArgumentException("There is no stream to pick.", nameof(streams));
        var (best, bestScore) = (0, Score(streams[0]));
        for (var i = 1; i < streams.Length; i++)
        {
            var score = Score(streams[i]);
            if (score < bestScore || (score == bestScore && IsBefore(streams[i], streams[best])))
                (best, bestScore) = (i, score);
        }
        return best;
    }

    public StreamScaling Scale(in StreamPoolLoad pool, ReadOnlySpan<StreamLoad> streams)
    {
        var total = streams.Length + pool.Opening;
        if (total < pool.MinStreams && total < pool.MaxStreams)
            return StreamScaling.Grow;
        // One stream that is on its way may be all that is needed.
        if (total < pool.MaxStreams && pool.Opening == 0 && AllBusy(pool.IdleTimeout, streams))
            return StreamScaling.Grow;
        return streams.Length > pool.MinStreams ? ShrinkIdle(pool.IdleTimeout, streams) : StreamScaling.Stay;
    }

    // An idle pool without streams is not busy: its first stream is a matter of the minimum, or of a flow that waits.
    private bool AllBusy(TimeSpan idleTimeout, ReadOnlySpan<StreamLoad> streams, int except = -1)
    {
        var busy = 0;
        foreach (ref readonly var stream in streams)
        {
            if (stream.Id == except)
                continue;
            if (!IsBusy(idleTimeout, stream))
                return false;
            busy++;
        }
        return busy > 0;
    }

    // Flows that all rest are no reason for a further stream.
    private bool IsBusy(TimeSpan idleTimeout, in StreamLoad stream) =>
        stream.IdleFor < idleTimeout && (stream.Flows >= BusyFlows || Filling(stream) > BusyFilling);

    // One without flows goes first: nothing has to move.
    private StreamScaling ShrinkIdle(TimeSpan idleTimeout, ReadOnlySpan<StreamLoad> streams)
    {
        var found = -1;
        for (var i = 0; i < streams.Length; i++)
        {
            ref readonly var stream = ref streams[i];
            if (stream.QueuedPackets == 0 && stream.IdleFor >= idleTimeout && (found < 0 || GoesBefore(stream, streams[found])))
                found = i;
        }
        // The pool would want it back at once if all that stay were busy.
        return found < 0 || AllBusy(idleTimeout, streams, except: streams[found].Id) ? StreamScaling.Stay : StreamScaling.Shrink(streams[found].Id);
    }

    private static bool GoesBefore(in StreamLoad left, in StreamLoad right)
    {
        if (left.Flows == 0 != (right.Flows == 0))
            return left.Flows == 0;
        return left.IdleFor != right.IdleFor ? left.IdleFor > right.IdleFor : left.Id > right.Id;
    }

    // Equal scores, as all are with weights of zero, go by flows and then by id, so that the order of the list does not matter.
    private static bool IsBefore(in StreamLoad left, in StreamLoad right) =>
        left.Flows != right.Flows ? left.Flows < right.Flows : left.Id < right.Id;

    private double Score(in StreamLoad stream) =>
        (_settings.UsageCountWeight * (stream.Flows / BusyFlows)) + (_settings.BufferUtilWeight * Filling(stream));

    // A few large packets on a slow path fill a queue as much as many small ones do. The delay of an empty queue is history.
    private static double Filling(in StreamLoad stream)
    {
        if (stream.QueueCapacity <= 0 || stream.QueuedPackets <= 0)
            return 0;
        return Math.Min(1, Math.Max((double)stream.QueuedPackets / stream.QueueCapacity, stream.QueueDelay / LongDelay));
    }
}
