namespace SubnetVpn.Resilience;

/// <summary>How an operation under a policy ended.</summary>
public enum ResilienceOutcome
{
    /// <summary>It worked.</summary>
    Succeeded,

    /// <summary>Every attempt failed.</summary>
    Failed,

    /// <summary>The circuit breaker refused it.</summary>
    CircuitOpen,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
