using SubnetVpn.Core.Configuration;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>A history that is to happen: the nodes, how they are set, and the steps. Follows from its seed.</summary>
internal sealed record HistoryPlan
{
    public required int Seed { get; init; }

    public required SchedulerKind Scheduler { get; init; }

    public required int Nodes { get; init; }

    /// <summary>Flows from each node to each other.</summary>
    public required int Flows { get; init; }

    /// <summary>Whether a circuit breaker and retries guard the opening of streams.</summary>
    public required bool HasBreaker { get; init; }

    public required int MinStreams { get; init; }

    public required int MaxStreams { get; init; }

    public required int StreamQueue { get; init; }

    public required int WorkerBuffer { get; init; }

    public required MemoryLinkSettings Links { get; init; }

    public required IReadOnlyList<Step> Steps { get; init; }

    public NetworkSettings Apply(NetworkSettings settings) => settings with
    {
        MinStreamsPerPeer = MinStreams,
        MaxStreamsPerPeer = MaxStreams,
        PacketBufferSize = StreamQueue,
        WorkerBufferSize = WorkerBuffer,
        StreamIdleTimeout = TimeSpan.FromSeconds(3),
        CleanupInterval = TimeSpan.FromSeconds(1),
        WorkerIdleTimeout = TimeSpan.FromSeconds(4),
        WorkerCleanupInterval = TimeSpan.FromSeconds(2),
        HealthCheckInterval = TimeSpan.FromSeconds(5),
        HealthCheckTimeout = TimeSpan.FromSeconds(2),
        WarmInterval = TimeSpan.FromSeconds(5),
        Scheduling = settings.Scheduling with
        {
            AutoScalingInterval = TimeSpan.FromSeconds(1),
            MinStreamsPerMultiplexer = MinStreams,
            MaxStreamsPerMultiplexer = MaxStreams,
            UsageCountThreshold = 2,
            BufferUtilThreshold = 1,
        },
        Resilience = settings.Resilience with
        {
            CircuitBreakerFailureThreshold = 3,
            CircuitBreakerResetTimeout = TimeSpan.FromSeconds(4),
            RetryMaxAttempts = 3,
            RetryInitialInterval = TimeSpan.FromMilliseconds(200),
            RetryMaxInterval = TimeSpan.FromSeconds(1),
        },
    };

    public override string ToString() =>
        $"{Nodes} nodes, {Flows} flows each, scheduler {Scheduler}, {(HasBreaker ? "breaker" : "no breaker")}, streams {MinStreams} to {MaxStreams}, "
        + $"queue {StreamQueue}, held {WorkerBuffer}, window {Links.Window}, delay {Links.Delay.TotalMilliseconds} ms, {Links.BytesPerSecond} B/s{(Links.SplitReads ? ", split reads" : "")}"
        + string.Concat(Steps.Select(static (step, index) => $"\n  {index + 1,3}. {step}"));
}
