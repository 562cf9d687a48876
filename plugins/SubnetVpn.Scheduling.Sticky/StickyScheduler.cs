using SubnetVpn.Streams;

namespace SubnetVpn.Scheduling.Sticky;

/// <summary>Gives a new flow the least loaded stream, and grows the pool when every stream is busy.</summary>
internal sealed class StickyScheduler : IStreamScheduler
{
    /// <summary>From how many flows on a stream counts as busy: the origin's <c>usage_count_threshold</c>.</summary>
    internal const int BusyFlows = 20;

    public int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> streams)
    {
        if (streams.IsEmpty)
            throw new ArgumentException("There is no stream to pick.", nameof(streams));
        var best = 0;
        for (var i = 1; i < streams.Length; i++)
            if (IsLess(streams[i], streams[best]))
                best = i;
        return best;
    }

    public StreamScaling Scale(in StreamPoolLoad pool, ReadOnlySpan<StreamLoad> streams)
    {
        var total = streams.Length + pool.Opening;
        if (total < pool.MinStreams && total < pool.MaxStreams)
            return StreamScaling.Grow;
        // One stream that is on its way may be all that is needed.
        if (total < pool.MaxStreams && pool.Opening == 0 && AllBusy(streams))
            return StreamScaling.Grow;
        return streams.Length > pool.MinStreams ? ShrinkIdle(pool.IdleTimeout, streams) : StreamScaling.Stay;
    }

    // An idle pool without streams is not busy: its first stream is a matter of the minimum, or of a flow that waits.
    private static bool AllBusy(ReadOnlySpan<StreamLoad> streams)
    {
        foreach (ref readonly var stream in streams)
            if (stream.Flows < BusyFlows && Fill(stream) <= 0.5)
                return false;
        return !streams.IsEmpty;
    }

    private static StreamScaling ShrinkIdle(TimeSpan idleTimeout, ReadOnlySpan<StreamLoad> streams)
    {
        var found = -1;
        for (var i = 0; i < streams.Length; i++)
        {
            ref readonly var stream = ref streams[i];
            if (stream.Flows != 0 || stream.QueuedPackets != 0 || stream.IdleFor < idleTimeout)
                continue;
            if (found < 0 || stream.IdleFor > streams[found].IdleFor || (stream.IdleFor == streams[found].IdleFor && stream.Id > streams[found].Id))
                found = i;
        }
        return found < 0 ? StreamScaling.Stay : StreamScaling.Shrink(streams[found].Id);
    }

    // Equal loads go by id, so that the order of the list does not matter.
    private static bool IsLess(in StreamLoad left, in StreamLoad right)
    {
        var (leftLoad, rightLoad) = (Load(left), Load(right));
        return leftLoad < rightLoad || (leftLoad == rightLoad && left.Id < right.Id);
    }

    // A full queue weighs as much as the flows that make a stream busy.
    private static double Load(in StreamLoad stream) => ((double)stream.Flows / BusyFlows) + Fill(stream);

    private static double Fill(in StreamLoad stream) =>
        stream.QueueCapacity <= 0 ? 0 : (double)stream.QueuedPackets / stream.QueueCapacity;
}
