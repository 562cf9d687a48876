using Microsoft.Extensions.Logging;

namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>The breakers by key. Thread-safe: one lock, for nothing here is on the packet path.</summary>
internal sealed partial class CircuitBreakerRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResilienceKey, CircuitBreakerState> _breakers = [];
    // Under the gate.
    private ResilienceSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CircuitChangeQueue _changes;
    private readonly long _start;

    /// <param name="settings">The thresholds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of changes.</param>
    /// <param name="observer">Is told of changes, one at a time and in order.</param>
    public CircuitBreakerRegistry(ResilienceSettings settings, TimeProvider time, ILogger logger, IResilienceObserver observer)
    {
        (_settings, _time, _logger, _start) = (settings, time, logger, time.GetTimestamp());
        _changes = new CircuitChangeQueue(_gate, change =>
        {
            Log(change);
            observer.CircuitChanged(change.Key, change.Before, change.After, change.Error);
        });
    }

    /// <summary>Takes other thresholds, for the breakers there are too.</summary>
    public void Apply(ResilienceSettings settings)
    {
        lock (_gate)
        {
            (_settings, _nextSweep) = (settings, default);
            foreach (var breaker in _breakers.Values)
                breaker.Apply(settings);
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Asks to run an operation; when it is refused, says why and how long.</summary>
    public bool TryEnter(ResilienceKey key, out CircuitTicket ticket, out Attempt refusal)
    {
        refusal = default;
        bool isIn;
        lock (_gate)
        {
            ForgetIdle();
            var breaker = GetOrAdd(key);
            var before = breaker.State;
            isIn = breaker.TryEnter(Now, out var generation);
            _changes.Add(new CircuitChange(key, before, breaker.State, null));
            ticket = new CircuitTicket(breaker, generation);
            if (!isIn)
                refusal = Attempt.Refused($"Not tried, for it failed {breaker.ConsecutiveFailures} times in a row. The last error: {breaker.LastError}", breaker.RetryAfter(Now));
        }
        _changes.Bring();
        return isIn;
    }

    public void Succeed(ResilienceKey key, CircuitTicket ticket) => Leave(key, ticket, static (breaker, generation, now, _) => breaker.Succeed(generation, now), error: null);

    public void Abandon(ResilienceKey key, CircuitTicket ticket) => Leave(key, ticket, static (breaker, generation, now, _) => breaker.Abandon(generation, now), error: null);

    /// <summary>The operation failed.</summary>
    /// <returns>How long the breaker will refuse; null when it does not.</returns>
    public TimeSpan? Fail(ResilienceKey key, CircuitTicket ticket, string? error) =>
        Leave(key, ticket, static (breaker, generation, now, message) => breaker.Fail(generation, now, message), error);

    public void Reset(ResilienceKey key)
    {
        lock (_gate)
        {
            if (_breakers.TryGetValue(key, out var breaker))
                Close(key, breaker);
        }
        _changes.Bring();
    }

    public CircuitSnapshot GetSnapshot(ResilienceKey key)
    {
        CircuitSnapshot snapshot;
        lock (_gate)
        {
            ForgetIdle();
            snapshot = _breakers.TryGetValue(key, out var breaker) ? Describe(breaker) : CircuitSnapshot.Closed;
        }
        _changes.Bring();
        return snapshot;
    }

    public IReadOnlyDictionary<ResilienceKey, CircuitSnapshot> GetSnapshots()
    {
        Dictionary<ResilienceKey, CircuitSnapshot> snapshots;
        lock (_gate)
        {
            ForgetIdle();
            snapshots = _breakers.ToDictionary(static entry => entry.Key, entry => Describe(entry.Value));
        }
        _changes.Bring();
        return snapshots;
    }

    private TimeSpan? Leave(ResilienceKey key, CircuitTicket ticket, Action<CircuitBreakerState, int, TimeSpan, string?> how, string? error)
    {
        TimeSpan? retryAfter;
        lock (_gate)
        {
            var breaker = ticket.Breaker;
            var before = breaker.State;
            how(breaker, ticket.Generation, Now, error);
            _changes.Add(new CircuitChange(key, before, breaker.State, breaker.State == CircuitState.Open ? error : null));
            retryAfter = breaker.RetryAfter(Now);
            if (breaker.IsPristine)
                Forget(key, breaker);
        }
        _changes.Bring();
        return retryAfter;
    }

    private CircuitSnapshot Describe(CircuitBreakerState breaker) =>
        new(breaker.State, breaker.ConsecutiveFailures, breaker.LastError, breaker.RetryAfter(Now) is { } wait ? _time.GetUtcNow() + wait : null);

    private CircuitBreakerState GetOrAdd(ResilienceKey key)
    {
        if (_breakers.TryGetValue(key, out var breaker))
            return breaker;
        if (_breakers.Count >= Capacity)
            MakeRoom();
        breaker = new CircuitBreakerState(_settings.CircuitBreakerFailureThreshold, _settings.CircuitBreakerResetTimeout, _settings.CircuitBreakerSuccessThreshold);
        _breakers.Add(key, breaker);
        return breaker;
    }
}
