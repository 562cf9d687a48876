namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>A change of state that has still to be told.</summary>
internal readonly record struct CircuitChange(ResilienceKey Key, CircuitState Before, CircuitState After, string? Error);
