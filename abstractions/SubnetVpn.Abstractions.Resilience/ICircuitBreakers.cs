namespace SubnetVpn.Resilience;

/// <summary>Companion of <see cref="IResiliencePolicy"/> for policies with circuit breakers: a look at them, and a manual reset. Thread-safe.</summary>
public interface ICircuitBreakers
{
    /// <summary>Runs an operation under a breaker, once, without retry.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The breaker.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellationToken">Ends it with <see cref="ResilienceOutcome.Cancelled"/>.</param>
    ValueTask<ResilienceResult<T>> ExecuteAsync<T>(
        ResilienceKey key, Func<CancellationToken, ValueTask<OperationResult<T>>> operation, CancellationToken cancellationToken);

    /// <summary>Closes a breaker by hand. Does nothing when there is none.</summary>
    /// <param name="key">The breaker.</param>
    void Reset(ResilienceKey key);

    /// <summary>All breakers that have state.</summary>
    IReadOnlyDictionary<ResilienceKey, CircuitSnapshot> GetStates();
}
