namespace SubnetVpn.Core.Hosting.Configuration;

// How streams are picked and scaled: read by the schedulers.
public sealed partial class VpnOptions
{
    /// <summary>How much the number of flows counts when a stream is picked: 0 to 1. Default: 0.7.</summary>
    public double UsageCountWeight { get; set; } = 0.7;

    /// <summary>How much the filling of the queue counts when a stream is picked: 0 to 1, not 0 together with the other. Default: 0.3.</summary>
    public double BufferUtilWeight { get; set; } = 0.3;

    /// <summary>Flows on every stream at which another one is opened. Default: 20.</summary>
    public int UsageCountThreshold { get; set; } = 20;

    /// <summary>Filling of the queues, in percent, at which another stream is opened: 1 to 100. Default: 30.</summary>
    public int BufferUtilThreshold { get; set; } = 30;

    /// <summary>Whether a scheduler that multiplexes spreads the flows to a peer over several streams; each flow stays in order on one. Default: true.</summary>
    public bool MultiplexingEnabled { get; set; } = true;

    /// <summary>The most streams that one multiplexer uses; never more than <c>max_streams_per_peer</c>, whatever stands here. Default: 5.</summary>
    public int MaxStreamsPerMultiplexer { get; set; } = 5;

    /// <summary>The least streams that one multiplexer uses; never more than <c>max_streams_per_peer</c>, whatever stands here. Default: 2.</summary>
    public int MinStreamsPerMultiplexer { get; set; } = 2;

    /// <summary>How often the number of streams is looked at. Default: 30 s.</summary>
    public TimeSpan AutoScalingInterval { get; set; } = TimeSpan.FromSeconds(30);
}
