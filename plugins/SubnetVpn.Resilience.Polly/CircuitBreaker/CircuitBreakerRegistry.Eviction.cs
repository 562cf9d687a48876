namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

// Breakers come with the peers that are tried, and go in three ways: at once when they are as good as new; when nobody asked
// for so long that what they know is worth nothing any more; and when there are too many. One with an operation going on stays.
internal sealed partial class CircuitBreakerRegistry
{
    /// <summary>How many breakers are kept, those with an operation going on not counted.</summary>
    public const int Capacity = 1024;

    /// <summary>After so many reset timeouts without use a breaker is forgotten.</summary>
    public const int IdleTimeouts = 10;

    private TimeSpan _nextSweep;

    // Under the gate. Without a timer: what is forgotten only matters when somebody looks.
    private void ForgetIdle()
    {
        var now = Now;
        if (now < _nextSweep)
            return;
        _nextSweep = now + _settings.CircuitBreakerResetTimeout;
        var latest = now - (IdleTimeouts * _settings.CircuitBreakerResetTimeout);
        foreach (var (key, breaker) in _breakers)
            if (!breaker.IsRunning && breaker.LastUsed <= latest)
                Close(key, breaker);
    }

    private void MakeRoom()
    {
        var idle = _breakers.Where(static entry => !entry.Value.IsRunning);
        var oldest = idle.OrderBy(static entry => entry.Value.State != CircuitState.Closed).ThenBy(static entry => entry.Value.LastUsed).Take(1).ToList();
        foreach (var (key, breaker) in oldest)
            Close(key, breaker);
    }

    // Whoever looks sees a closed breaker from now on, so that is what is told.
    private void Close(ResilienceKey key, CircuitBreakerState breaker)
    {
        var before = breaker.State;
        breaker.Reset();
        _changes.Add(new CircuitChange(key, before, CircuitState.Closed, null));
        if (breaker.IsPristine)
            Forget(key, breaker);
    }

    private void Forget(ResilienceKey key, CircuitBreakerState breaker)
    {
        if (_breakers.TryGetValue(key, out var known) && ReferenceEquals(known, breaker))
            _breakers.Remove(key);
    }
}
