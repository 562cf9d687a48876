namespace SubnetVpn.Resilience;

/// <summary>The state of a circuit breaker.</summary>
public enum CircuitState
{
    /// <summary>Operations run.</summary>
    Closed = 0,

    /// <summary>Operations are refused until the reset timeout is over.</summary>
    Open = 1,

    /// <summary>A few operations are let through to see whether it works again.</summary>
    HalfOpen = 2,
}
