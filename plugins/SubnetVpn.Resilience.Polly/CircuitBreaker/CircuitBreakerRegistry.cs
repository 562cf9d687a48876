using Microsoft.Extensions.Logging;

namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>
/// The breakers by key. One that is as good as new is forgotten at once; above <see cref="Capacity"/> the one that was not
/// used for the longest time goes, closed ones first. Thread-safe: one lock, for nothing here is on the packet path.
/// </summary>
internal sealed partial class CircuitBreakerRegistry(ResilienceSettings settings, TimeProvider time, ILogger logger)
{
    /// <summary>How many breakers are kept, those with an operation going on not counted.</summary>
    public const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<ResilienceKey, CircuitBreakerState> _breakers = [];
    private readonly long _start = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Asks to run an operation; when it is refused, says why and how long.</summary>
    public bool TryEnter(ResilienceKey key, out CircuitTicket ticket, out Attempt refusal)
    {
        (ticket, refusal) = (default, default);
        CircuitState before, after;
        bool isIn;
        lock (_gate)
        {
            var breaker = GetOrAdd(key);
            before = breaker.State;
            isIn = breaker.TryEnter(Now, out var generation);
            after = breaker.State;
            ticket = new CircuitTicket(breaker, generation);
            if (!isIn)
                refusal = Attempt.Refused($"Not tried, for it failed {breaker.ConsecutiveFailures} times in a row. The last error: {breaker.LastError}", breaker.RetryAfter(Now));
        }
        LogChange(key, before, after, error: null);
        return isIn;
    }

    public void Succeed(ResilienceKey key, CircuitTicket ticket) => Leave(key, ticket, static (breaker, generation, _, _) => breaker.Succeed(generation), error: null);

    public void Abandon(ResilienceKey key, CircuitTicket ticket) => Leave(key, ticket, static (breaker, generation, _, _) => breaker.Abandon(generation), error: null);

    /// <summary>The operation failed.</summary>
    /// <returns>How long the breaker will refuse; null when it does not.</returns>
    public TimeSpan? Fail(ResilienceKey key, CircuitTicket ticket, string? error) =>
        Leave(key, ticket, static (breaker, generation, now, message) => breaker.Fail(generation, now, message), error);

    public void Reset(ResilienceKey key)
    {
        CircuitState before;
        lock (_gate)
        {
            if (!_breakers.TryGetValue(key, out var breaker))
                return;
            before = breaker.State;
            breaker.Reset();
            Forget(key, breaker);
        }
        LogChange(key, before, CircuitState.Closed, error: null);
    }

    public CircuitSnapshot GetSnapshot(ResilienceKey key)
    {
        lock (_gate)
            return _breakers.TryGetValue(key, out var breaker) ? Describe(breaker) : CircuitSnapshot.Closed;
    }

    public IReadOnlyDictionary<ResilienceKey, CircuitSnapshot> GetSnapshots()
    {
        lock (_gate)
            return _breakers.ToDictionary(static entry => entry.Key, entry => Describe(entry.Value));
    }

    private TimeSpan? Leave(ResilienceKey key, CircuitTicket ticket, Action<CircuitBreakerState, int, TimeSpan, string?> how, string? error)
    {
        CircuitState before, after;
        TimeSpan? retryAfter;
        lock (_gate)
        {
            var breaker = ticket.Breaker;
            before = breaker.State;
            how(breaker, ticket.Generation, Now, error);
            after = breaker.State;
            retryAfter = breaker.RetryAfter(Now);
            Forget(key, breaker);
        }
        LogChange(key, before, after, error);
        return retryAfter;
    }

    private CircuitSnapshot Describe(CircuitBreakerState breaker) =>
        new(breaker.State, breaker.ConsecutiveFailures, breaker.LastError, breaker.RetryAfter(Now) is { } wait ? time.GetUtcNow() + wait : null);

    private CircuitBreakerState GetOrAdd(ResilienceKey key)
    {
        if (_breakers.TryGetValue(key, out var breaker))
            return breaker;
        if (_breakers.Count >= Capacity)
            MakeRoom();
        breaker = new CircuitBreakerState(settings.CircuitBreakerFailureThreshold, settings.CircuitBreakerResetTimeout, settings.CircuitBreakerSuccessThreshold);
        _breakers.Add(key, breaker);
        return breaker;
    }

    private void MakeRoom()
    {
        var idle = _breakers.Where(static entry => !entry.Value.IsRunning);
        var oldest = idle.OrderBy(static entry => entry.Value.State != CircuitState.Closed).ThenBy(static entry => entry.Value.LastUsed).Take(1).ToList();
        foreach (var (key, _) in oldest)
            _breakers.Remove(key);
    }

    private void Forget(ResilienceKey key, CircuitBreakerState breaker)
    {
        if (breaker.IsPristine && _breakers.TryGetValue(key, out var known) && ReferenceEquals(known, breaker))
            _breakers.Remove(key);
    }
}
