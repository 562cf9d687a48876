namespace SubnetVpn.Core.Hosting.Configuration;

// Circuit breakers, retries, health checks.
public sealed partial class VpnOptions
{
    /// <summary>Failures in a row that open a circuit breaker. Default: 5.</summary>
    public int CircuitBreakerFailureThreshold { get; set; } = 5;

    /// <summary>How long an open circuit breaker refuses. Default: 60 s.</summary>
    public TimeSpan CircuitBreakerResetTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Successes in a row that close a half-open circuit breaker. Default: 2.</summary>
    public int CircuitBreakerSuccessThreshold { get; set; } = 2;

    /// <summary>Attempts in all, the first included. Default: 5.</summary>
    public int RetryMaxAttempts { get; set; } = 5;

    /// <summary>The pause after the first attempt. Default: 1 s.</summary>
    public TimeSpan RetryInitialInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between attempts; above <c>retry_initial_interval</c>. Default: 30 s.</summary>
    public TimeSpan RetryMaxInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often streams are checked. Default: 30 s.</summary>
    public TimeSpan HealthCheckInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a check may take; shorter than <c>health_check_interval</c>. Default: 5 s.</summary>
    public TimeSpan HealthCheckTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Failed checks in a row after which a stream is replaced. Default: 3.</summary>
    public int MaxConsecutiveFailures { get; set; } = 3;

    /// <summary>How often missing streams are opened ahead of need. Default: 60 s.</summary>
    public TimeSpan WarmInterval { get; set; } = TimeSpan.FromSeconds(60);
}
