using SubnetVpn.Resilience;

namespace SubnetVpn.Core.Metrics;

/// <summary>Counts what a resilience policy tells. Thread-safe.</summary>
internal sealed class ResilienceCounters(int maxCircuits) : IResilienceObserver
{
    // The core has one operation; a policy and an embedder may bring a few.
    private const int MaxOperations = 32;

    public BoundedTable<ResilienceKey, CircuitCounters> Circuits { get; } = new(maxCircuits);

    public BoundedTable<string, OperationCounters> Operations { get; } = new(MaxOperations);

    public void CircuitChanged(ResilienceKey key, CircuitState before, CircuitState after, string? error) => Circuits[key].Enter(after);

    public void Retrying(ResilienceKey key, int attempt, TimeSpan pause) => Operations[key.Operation].Retries.Add(1);

    public void Completed(ResilienceKey key, ResilienceOutcome outcome, int attempts)
    {
        var operation = Operations[key.Operation];
        operation[outcome].Add(1);
        if (attempts > 1 && outcome != ResilienceOutcome.Cancelled)
            (outcome == ResilienceOutcome.Succeeded ? operation.RetrySuccesses : operation.RetryFailures).Add(1);
        // Its breaker is shown from now on, also while it is closed.
        if (key.Target.Length > 0)
            _ = Circuits[key];
    }
}
