namespace SubnetVpn.Streams;

/// <summary>The settings of stream schedulers of one network, from its configuration. Immutable; a scheduler may ask for it.</summary>
public sealed record SchedulerSettings
{
    /// <summary>How much the number of flows counts when a stream is picked, 0 to 1: <c>usage_count_weight</c>. Default: 0.7.</summary>
    public double UsageCountWeight { get; init; } = 0.7;

    /// <summary>How much the filling of the queue counts when a stream is picked, 0 to 1: <c>buffer_util_weight</c>. Default: 0.3.</summary>
    public double BufferUtilWeight { get; init; } = 0.3;

    /// <summary>Flows on a stream from which on it counts as busy: <c>usage_count_threshold</c>. Default: 20.</summary>
    public int UsageCountThreshold { get; init; } = 20;

    /// <summary>Filling of a queue, in percent, above which its stream counts as busy: <c>buffer_util_threshold</c>. Default: 30.</summary>
    public int BufferUtilThreshold { get; init; } = 30;

    /// <summary>Whether the flows to a peer are spread over several streams by a scheduler that multiplexes: <c>multiplexing_enabled</c>. Default: true.</summary>
    public bool MultiplexingEnabled { get; init; } = true;

    /// <summary>The most streams to a peer that a multiplexer uses: <c>max_streams_per_multiplexer</c>. Default: 5.</summary>
    public int MaxStreamsPerMultiplexer { get; init; } = 5;

    /// <summary>The least streams to a peer that a multiplexer uses: <c>min_streams_per_multiplexer</c>. Default: 2.</summary>
    public int MinStreamsPerMultiplexer { get; init; } = 2;

    /// <summary>How often the number of streams is looked at: <c>auto_scaling_interval</c>. Default: 30 s.</summary>
    public TimeSpan AutoScalingInterval { get; init; } = TimeSpan.FromSeconds(30);
}
