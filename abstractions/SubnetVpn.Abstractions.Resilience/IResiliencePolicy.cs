namespace SubnetVpn.Resilience;

/// <summary>
/// The strategy around fallible operations: it may refuse them, repeat them, or neither. Thread-safe. Never on the packet
/// path: packets wait or are dropped meanwhile.
/// </summary>
public interface IResiliencePolicy
{
    /// <summary>Runs an operation under a key. Different keys do not affect one another.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <typeparam name="TState">The type of <paramref name="state"/>.</typeparam>
    /// <param name="key">What to keep state for.</param>
    /// <param name="operation">The operation; may run several times, one after the other. An exception of it passes through and counts as a failure.</param>
    /// <param name="state">Passed to the operation, so that it need not be a closure.</param>
    /// <param name="cancellationToken">Ends it with <see cref="ResilienceOutcome.Cancelled"/>, also between attempts.</param>
    ValueTask<ResilienceResult<T>> ExecuteAsync<T, TState>(
        ResilienceKey key, Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state, CancellationToken cancellationToken);

    /// <summary>The state under a key; closed when there is none.</summary>
    /// <param name="key">The key.</param>
    CircuitSnapshot GetCircuit(ResilienceKey key);
}
