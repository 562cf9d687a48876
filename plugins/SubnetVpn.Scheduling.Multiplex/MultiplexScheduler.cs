using SubnetVpn.Plugins;
using SubnetVpn.Streams;

namespace SubnetVpn.Scheduling.Multiplex;

/// <summary>
/// Spreads the flows to a peer evenly over a few streams, and lets the number of streams follow the load, one at a time.
/// What it spreads is flows, never the packets of one: those would overtake one another.
/// </summary>
internal sealed class MultiplexScheduler(SchedulerSettings settings) : IStreamScheduler, IReconfigurable<SchedulerSettings>
{
    private volatile SchedulerSettings _settings = settings;

    private int Max => _settings.MultiplexingEnabled ? Math.Max(1, _settings.MaxStreamsPerMultiplexer) : 1;

    private int Min => _settings.MultiplexingEnabled ? Math.Max(1, _settings.MinStreamsPerMultiplexer) : 1;

    public void Apply(SchedulerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    public int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> streams)
    {
        if (streams.IsEmpty)
            throw new ArgumentException("There is no stream to pick.", nameof(streams));
        var best = -1;
        for (var i = 0; i < streams.Length; i++)
            if (IsUsed(streams[i], streams) && (best < 0 || IsBefore(streams[i], streams[best])))
                best = i;
        return best;
    }

    public StreamScaling Scale(in StreamPoolLoad pool, ReadOnlySpan<StreamLoad> streams)
    {
        var most = Math.Min(pool.MaxStreams, Math.Max(Max, pool.MinStreams));
        // A peer that is not in use has as many as the pool wants; the multiplexer's minimum begins with the first flow.
        var least = Math.Min(most, streams.IsEmpty ? pool.MinStreams : Math.Max(Min, pool.MinStreams));
        var total = streams.Length + pool.Opening;
        if (total < least)
            return StreamScaling.Grow;
        if (pool.Opening > 0 || pool.SinceLastChange < _settings.AutoScalingInterval)
            return StreamScaling.Stay;
        var load = MultiplexLoad.Of(streams);
        if (total < most && load.IsHigh(_settings))
            return StreamScaling.Grow;
        return streams.Length > least && (streams.Length > most || load.IsLow(_settings)) ? Shrink(streams) : StreamScaling.Stay;
    }

    // The pool may have more streams than the multiplexer may use: it uses the oldest.
    private bool IsUsed(in StreamLoad stream, ReadOnlySpan<StreamLoad> streams)
    {
        if (streams.Length <= Max)
            return true;
        var older = 0;
        foreach (ref readonly var other in streams)
            if (other.Id < stream.Id)
                older++;
        return older < Max;
    }

    // By flows, not by queues: a queue that is long for a moment would draw the flows that begin then to the others.
    private static bool IsBefore(in StreamLoad left, in StreamLoad right) =>
        left.Flows != right.Flows ? left.Flows < right.Flows : left.Id < right.Id;

    private static StreamScaling Shrink(ReadOnlySpan<StreamLoad> streams)
    {
        var found = -1;
        for (var i = 0; i < streams.Length; i++)
            if (streams[i].QueuedPackets == 0 && (found < 0 || GoesBefore(streams[i], streams[found])))
                found = i;
        return found < 0 ? StreamScaling.Stay : StreamScaling.Shrink(streams[found].Id);
    }

    // The one with the fewest flows to move; then the one that is idle for the longest time.
    private static bool GoesBefore(in StreamLoad left, in StreamLoad right)
    {
        if (left.Flows != right.Flows)
            return left.Flows < right.Flows;
        return left.IdleFor != right.IdleFor ? left.IdleFor > right.IdleFor : left.Id > right.Id;
    }
}
