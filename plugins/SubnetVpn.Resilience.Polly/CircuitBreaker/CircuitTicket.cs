namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>The right to run one operation.</summary>
/// <param name="Breaker">Who gave it.</param>
/// <param name="Generation">In which generation.</param>
internal readonly record struct CircuitTicket(CircuitBreakerState Breaker, int Generation);
