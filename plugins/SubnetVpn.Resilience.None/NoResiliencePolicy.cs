using SubnetVpn.Plugins;

namespace SubnetVpn.Resilience.None;

/// <summary>Runs every operation once, and keeps no state.</summary>
internal sealed class NoResiliencePolicy : IResiliencePolicy, IReconfigurable<ResilienceSettings>
{
    public async ValueTask<ResilienceResult<T>> ExecuteAsync<T, TState>(
        ResilienceKey key, Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (cancellationToken.IsCancellationRequested)
            return Cancelled<T>(attempts: 0);
        try
        {
            var result = await operation(state, cancellationToken).ConfigureAwait(false);
            return result.IsSuccess
                ? new ResilienceResult<T>(ResilienceOutcome.Succeeded, result.Value, null, 1)
                : new ResilienceResult<T>(ResilienceOutcome.Failed, default, result.Error, 1);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Cancelled<T>(attempts: 1);
        }
    }

    public void Apply(ResilienceSettings settings)
    {
        // None of them concerns a policy that neither refuses nor repeats.
    }

    public CircuitSnapshot GetCircuit(ResilienceKey key) => CircuitSnapshot.Closed;

    private static ResilienceResult<T> Cancelled<T>(int attempts) =>
        new(ResilienceOutcome.Cancelled, default, "It was cancelled.", attempts);
}
