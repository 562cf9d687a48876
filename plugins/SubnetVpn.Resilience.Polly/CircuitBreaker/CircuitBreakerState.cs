namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>One breaker as a state machine. Pure: time is passed in, counted from any fixed moment. Not thread-safe.</summary>
/// <remarks>
/// <code>
///            failures in a row = threshold                    reset timeout is over, somebody asks
///   Closed ───────────────────────────────▶ Open ──────────────────────────────────────────────▶ HalfOpen
///     ▲                                      ▲                  the probe failed                   │  │ one probe at a time
///     │                                      └─────────────────────────────────────────────────────┘  │
///     └────────────────────────────────── successes in a row = success threshold ─────────────────────┘
/// </code>
/// Every change of state begins a new generation; what started in an earlier one no longer counts.
/// </remarks>
internal sealed class CircuitBreakerState(int failureThreshold, TimeSpan resetTimeout, int successThreshold)
{
    private int _generation;
    private int _successes;
    private int _running;
    private bool _isProbing;
    private TimeSpan _openedAt;

    public CircuitState State { get; private set; }

    /// <summary>Failures since the last success.</summary>
    public int ConsecutiveFailures { get; private set; }

    public string? LastError { get; private set; }

    /// <summary>When somebody last asked, or an operation last ended.</summary>
    public TimeSpan LastUsed { get; private set; }

    /// <summary>Whether an operation is going on.</summary>
    public bool IsRunning => _running > 0;

    /// <summary>Whether it is as good as a new one.</summary>
    public bool IsPristine => State == CircuitState.Closed && ConsecutiveFailures == 0 && !IsRunning;

    private TimeSpan OpenUntil => _openedAt + resetTimeout;

    /// <summary>Takes other limits. An open breaker then lets a probe through after the new timeout, counted from when it opened.</summary>
    public void Apply(ResilienceSettings settings) => (failureThreshold, resetTimeout, successThreshold) =
        (settings.CircuitBreakerFailureThreshold, settings.CircuitBreakerResetTimeout, settings.CircuitBreakerSuccessThreshold);

    /// <summary>How long until a probe is let through; null unless it is open.</summary>
    /// <param name="now">The time.</param>
    public TimeSpan? RetryAfter(TimeSpan now) => State != CircuitState.Open ? null : OpenUntil > now ? OpenUntil - now : TimeSpan.Zero;

    /// <summary>Asks to run an operation. With true, exactly one of the methods that take a generation has to follow.</summary>
    /// <param name="now">The time.</param>
    /// <param name="generation">To be given back.</param>
    public bool TryEnter(TimeSpan now, out int generation)
    {
        LastUsed = now;
        if (State == CircuitState.Open && now >= OpenUntil)
            Become(CircuitState.HalfOpen);
        generation = _generation;
        if (State == CircuitState.Open || (State == CircuitState.HalfOpen && _isProbing))
            return false;
        _isProbing = State == CircuitState.HalfOpen;
        _running++;
        return true;
    }

    /// <summary>The operation worked.</summary>
    public void Succeed(int generation, TimeSpan now)
    {
        if (!Leave(generation, now))
            return;
        ConsecutiveFailures = 0;
        if (State == CircuitState.HalfOpen && ++_successes >= successThreshold)
            Become(CircuitState.Closed);
    }

    /// <summary>The operation failed.</summary>
    public void Fail(int generation, TimeSpan now, string? error)
    {
        if (!Leave(generation, now))
            return;
        ConsecutiveFailures++;
        LastError = error;
        if (State == CircuitState.Closed && ConsecutiveFailures < failureThreshold)
            return;
        Become(CircuitState.Open);
        _openedAt = now;
    }

    /// <summary>The operation was cancelled, which says nothing.</summary>
    public void Abandon(int generation, TimeSpan now) => Leave(generation, now);

    /// <summary>Closes it by hand.</summary>
    public void Reset()
    {
        Become(CircuitState.Closed);
        (ConsecutiveFailures, LastError) = (0, null);
    }

    private bool Leave(int generation, TimeSpan now)
    {
        _running--;
        LastUsed = now;
        if (generation != _generation)
            return false;
        _isProbing = false;
        return true;
    }

    private void Become(CircuitState state)
    {
        State = state;
        _generation++;
        (_successes, _isProbing) = (0, false);
    }
}
