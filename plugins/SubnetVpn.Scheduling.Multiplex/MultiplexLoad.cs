using SubnetVpn.Streams;

namespace SubnetVpn.Scheduling.Multiplex;

/// <summary>The streams of a peer taken together.</summary>
/// <param name="FlowsPerStream">The mean number of flows on a stream.</param>
/// <param name="Filling">Queued packets in relation to the room for them, 0 to 1.</param>
/// <param name="PacketsPerSecond">Packets written, on all streams.</param>
/// <param name="Delay">How long a packet waits in a queue, on average over the packets.</param>
internal readonly record struct MultiplexLoad(double FlowsPerStream, double Filling, double PacketsPerSecond, TimeSpan Delay)
{
    // The original's limits were 1000 and 100 packets in its interval of 30 s, and 50 ms for a write. As rates, they do not
    // depend on the interval that is configured.
    private const double HighRate = 1000 / 30.0;
    private const double LowRate = 100 / 30.0;
    private static readonly TimeSpan s_longDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether one more stream is wanted.</summary>
    /// <param name="settings">With the thresholds.</param>
    public bool IsHigh(SchedulerSettings settings) =>
        Filling * 100 > settings.BufferUtilThreshold
        || (PacketsPerSecond > HighRate && (Delay > s_longDelay || FlowsPerStream >= settings.UsageCountThreshold));

    /// <summary>Whether one stream fewer will do.</summary>
    public bool IsLow(SchedulerSettings settings) => PacketsPerSecond < LowRate && !IsHigh(settings);

    public static MultiplexLoad Of(ReadOnlySpan<StreamLoad> streams)
    {
        var (flows, queued, capacity, rate, delay) = (0L, 0L, 0L, 0.0, 0.0);
        foreach (ref readonly var stream in streams)
        {
            flows += stream.Flows;
            queued += stream.QueuedPackets;
            capacity += stream.QueueCapacity;
            rate += stream.PacketsPerSecond;
            // By packets: the delay of a stream that rests is history.
            delay += stream.QueueDelay.TotalSeconds * stream.PacketsPerSecond;
        }
        return new MultiplexLoad(
            streams.IsEmpty ? 0 : (double)flows / streams.Length,
            capacity == 0 ? 0 : (double)queued / capacity,
            rate,
            rate <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(delay / rate));
    }
}
