namespace SubnetVpn.Resilience;

/// <summary>
/// Is told what happens in a resilience policy, see <see cref="IResilienceEvents"/>. Called on the threads that run the
/// operations, from several at once, with no lock held: it may call the policy, and must be quick. An exception of it is
/// logged and otherwise ignored.
/// </summary>
public interface IResilienceObserver
{
    /// <summary>
    /// A circuit breaker changed its state. One call at a time, in the order of the changes; the state may have moved on
    /// meanwhile. Never called without a change: each call for a key begins where the one before ended, the first with
    /// <see cref="CircuitState.Closed"/>.
    /// </summary>
    /// <param name="key">The breaker.</param>
    /// <param name="before">The state it left.</param>
    /// <param name="after">The state it is in; never equal to <paramref name="before"/>.</param>
    /// <param name="error">With <see cref="CircuitState.Open"/>: the error that opened it. Null otherwise.</param>
    void CircuitChanged(ResilienceKey key, CircuitState before, CircuitState after, string? error);

    /// <summary>An attempt failed, and the next one follows after a pause, unless the operation is cancelled or the breaker opens meanwhile.</summary>
    /// <param name="key">The operation; <c>retry</c> without a target for those run by <see cref="IRetry"/>.</param>
    /// <param name="attempt">The number of the next attempt: 2 for the first repetition.</param>
    /// <param name="pause">How long it is waited for.</param>
    void Retrying(ResilienceKey key, int attempt, TimeSpan pause);

    /// <summary>An operation is over. Called once for each, also when it threw: then as <see cref="ResilienceOutcome.Failed"/>.</summary>
    /// <param name="key">The operation; <c>retry</c> without a target for those run by <see cref="IRetry"/>.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="attempts">How often it ran; 0 when it was refused or cancelled at once.</param>
    void Completed(ResilienceKey key, ResilienceOutcome outcome, int attempts);
}
