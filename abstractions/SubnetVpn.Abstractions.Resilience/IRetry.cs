namespace SubnetVpn.Resilience;

/// <summary>Companion of <see cref="IResiliencePolicy"/> for policies that repeat operations. Thread-safe.</summary>
public interface IRetry
{
    /// <summary>Runs an operation until it works, with growing pauses, as <c>retry_max_attempts</c> and its kin say.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="operation">The operation; runs several times, one after the other.</param>
    /// <param name="cancellationToken">Ends it with <see cref="ResilienceOutcome.Cancelled"/>, also during a pause.</param>
    ValueTask<ResilienceResult<T>> ExecuteAsync<T>(Func<CancellationToken, ValueTask<OperationResult<T>>> operation, CancellationToken cancellationToken);
}
