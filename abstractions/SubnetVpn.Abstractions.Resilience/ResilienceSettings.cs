namespace SubnetVpn.Resilience;

/// <summary>The settings of circuit breakers and retries of one network, from its configuration. Immutable.</summary>
public sealed record ResilienceSettings
{
    /// <summary>Failures in a row that open a breaker: <c>circuit_breaker_failure_threshold</c>. Default: 5.</summary>
    public int CircuitBreakerFailureThreshold { get; init; } = 5;

    /// <summary>How long an open breaker refuses: <c>circuit_breaker_reset_timeout</c>. Default: 60 s.</summary>
    public TimeSpan CircuitBreakerResetTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Successes in a row that close a half-open breaker: <c>circuit_breaker_success_threshold</c>. Default: 2.</summary>
    public int CircuitBreakerSuccessThreshold { get; init; } = 2;

    /// <summary>Attempts in all, the first included: <c>retry_max_attempts</c>. Default: 5.</summary>
    public int RetryMaxAttempts { get; init; } = 5;

    /// <summary>The pause after the first attempt: <c>retry_initial_interval</c>. Default: 1 s.</summary>
    public TimeSpan RetryInitialInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause: <c>retry_max_interval</c>. Default: 30 s.</summary>
    public TimeSpan RetryMaxInterval { get; init; } = TimeSpan.FromSeconds(30);
}
