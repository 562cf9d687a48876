namespace SubnetVpn.Resilience;

/// <summary>What came of an operation under a policy.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Outcome">How it ended.</param>
/// <param name="Value">The value when it succeeded.</param>
/// <param name="Error">A sentence for the operator when it did not.</param>
/// <param name="Attempts">How often the operation ran; 0 when the breaker refused it at once.</param>
/// <param name="RetryAfter">When the breaker is open: how long until it lets a probe through. Null otherwise.</param>
public readonly record struct ResilienceResult<T>(ResilienceOutcome Outcome, T? Value, string? Error, int Attempts, TimeSpan? RetryAfter = null);
