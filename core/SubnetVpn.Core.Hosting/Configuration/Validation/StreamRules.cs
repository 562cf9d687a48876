namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>Limits and intervals of streams, flows, breakers, retries and health checks.</summary>
internal static class StreamRules
{
    public static void Check(VpnOptions options, MistakeList mistakes)
    {
        CheckStreams(options, mistakes);
        CheckScaling(options, mistakes);
        CheckResilience(options, mistakes);
        CheckHealth(options, mistakes);
    }

    private static void CheckStreams(VpnOptions options, MistakeList mistakes)
    {
        // A peer takes 256 streams of ours: those of the packet path, and as many lent ones.
        mistakes.Numbers("min_streams_per_peer", options.MinStreamsPerPeer, "max_streams_per_peer", options.MaxStreamsPerPeer, 100);
        mistakes.Range("packet_buffer_size", options.PacketBufferSize, 1, 65_536);
        mistakes.Range("worker_buffer_size", options.WorkerBufferSize, 1, 65_536);
        mistakes.Durations("cleanup_interval", options.CleanupInterval, "stream_idle_timeout", options.StreamIdleTimeout);
        mistakes.Durations("worker_cleanup_interval", options.WorkerCleanupInterval, "worker_idle_timeout", options.WorkerIdleTimeout);
    }

    private static void CheckScaling(VpnOptions options, MistakeList mistakes)
    {
        if (mistakes.Range("usage_count_weight", options.UsageCountWeight, 0.0, 1.0) & mistakes.Range("buffer_util_weight", options.BufferUtilWeight, 0.0, 1.0))
            mistakes.Require(
                options.UsageCountWeight > 0 || options.BufferUtilWeight > 0,
                "usage_count_weight", "0", "must not be 0 together with buffer_util_weight: nothing would count when a stream is picked");
        mistakes.Range("usage_count_threshold", options.UsageCountThreshold, 1, 1_000_000);
        mistakes.Range("buffer_util_threshold", options.BufferUtilThreshold, 1, 100);
        // Above max_streams_per_peer is no mistake: that limit holds for every scheduler, and who lowers it need not think of these.
        mistakes.Numbers("min_streams_per_multiplexer", options.MinStreamsPerMultiplexer, "max_streams_per_multiplexer", options.MaxStreamsPerMultiplexer, 1000);
        mistakes.Duration("auto_scaling_interval", options.AutoScalingInterval);
    }

    private static void CheckResilience(VpnOptions options, MistakeList mistakes)
    {
        mistakes.Range("circuit_breaker_failure_threshold", options.CircuitBreakerFailureThreshold, 1, 1000);
        mistakes.Range("circuit_breaker_success_threshold", options.CircuitBreakerSuccessThreshold, 1, 1000);
        mistakes.Duration("circuit_breaker_reset_timeout", options.CircuitBreakerResetTimeout);
        mistakes.Range("retry_max_attempts", options.RetryMaxAttempts, 1, 1000);
        if (mistakes.Duration("retry_initial_interval", options.RetryInitialInterval) & mistakes.Duration("retry_max_interval", options.RetryMaxInterval))
            mistakes.Require(
                options.RetryMaxInterval > options.RetryInitialInterval,
                "retry_max_interval", options.RetryMaxInterval, $"must be longer than retry_initial_interval ({options.RetryInitialInterval})");
    }

    private static void CheckHealth(VpnOptions options, MistakeList mistakes)
    {
        mistakes.Range("max_consecutive_failures", options.MaxConsecutiveFailures, 1, 1000);
        mistakes.Durations("health_check_timeout", options.HealthCheckTimeout, "health_check_interval", options.HealthCheckInterval);
        mistakes.Duration("warm_interval", options.WarmInterval);
    }
}
