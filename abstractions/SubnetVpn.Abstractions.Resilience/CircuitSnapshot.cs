namespace SubnetVpn.Resilience;

/// <summary>A circuit breaker at one moment.</summary>
/// <param name="State">Its state.</param>
/// <param name="ConsecutiveFailures">Failures since the last success.</param>
/// <param name="LastError">The last error, a sentence for the operator; null when there was none.</param>
/// <param name="NextProbe">When it is open: when an operation will be let through. Null otherwise.</param>
public sealed record CircuitSnapshot(CircuitState State, int ConsecutiveFailures, string? LastError, DateTimeOffset? NextProbe)
{
    /// <summary>A closed breaker without failures.</summary>
    public static CircuitSnapshot Closed { get; } = new(CircuitState.Closed, 0, null, null);
}
