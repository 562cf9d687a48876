namespace SubnetVpn.Resilience.Polly;

/// <summary>How an attempt went.</summary>
internal enum AttemptKind
{
    /// <summary>It worked.</summary>
    Succeeded,

    /// <summary>It failed, and may work next time.</summary>
    Failed,

    /// <summary>It failed, and is not tried again: the fault is permanent, or the breaker is open now.</summary>
    FailedForGood,

    /// <summary>The breaker did not let it run.</summary>
    Refused,
}
