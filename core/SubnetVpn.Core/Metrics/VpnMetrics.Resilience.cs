using System.Diagnostics.Metrics;
using SubnetVpn.Resilience;

namespace SubnetVpn.Core.Metrics;

// Circuit breakers and retries, as the policy tells of them.
public sealed partial class VpnMetrics
{
    private static readonly CircuitState[] s_circuitStates = Enum.GetValues<CircuitState>();
    private static readonly ResilienceOutcome[] s_outcomes = Enum.GetValues<ResilienceOutcome>();

    /// <summary>Counts what a policy does from now on, and registers its instruments; for once. A policy that tells nothing has none.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>Disposing of it ends the counting; null when the policy tells nothing.</returns>
    public IDisposable? ObserveResilience(IResiliencePolicy policy)
    {
        if (policy is not IResilienceEvents events)
            return null;
        var counters = new ResilienceCounters(MaxPeers);
        RegisterCircuits(counters.Circuits);
        RegisterOperations(counters.Operations);
        return events.Watch(counters);
    }

    private void RegisterCircuits(BoundedTable<ResilienceKey, CircuitCounters> circuits)
    {
        _meter.CreateObservableGauge(
            "subnetvpn.circuit.state", () => circuits.Entries.Select(circuit => new Measurement<int>((int)circuit.Value.State, LabelsOf(circuit.Key))),
            "{state}", "State of circuit breakers: 0 closed, 1 open, 2 half open.");
        _meter.CreateObservableCounter(
            "subnetvpn.circuit.transitions", () => MeasureTransitions(circuits), "{transition}", "Times that circuit breakers came to a state.");
    }

    private void RegisterOperations(BoundedTable<string, OperationCounters> operations)
    {
        _meter.CreateObservableCounter(
            "subnetvpn.operations", () => MeasureOutcomes(operations), "{operation}", "Operations under the resilience policy, by outcome.");
        Register("subnetvpn.retry.attempts", "{attempt}", "Repetitions of operations that failed.", static counters => counters.Retries);
        Register("subnetvpn.retry.successes", "{operation}", "Operations that worked after a repetition.", static counters => counters.RetrySuccesses);
        Register("subnetvpn.retry.failures", "{operation}", "Operations that failed although they were repeated.", static counters => counters.RetryFailures);

        void Register(string name, string unit, string description, Func<OperationCounters, SharedCounter> read) => _meter.CreateObservableCounter(
            name, () => Shown(operations).Select(operation => new Measurement<long>(read(operation.Value).Value, _network, new("operation", operation.Key))), unit, description);
    }

    private IEnumerable<Measurement<long>> MeasureTransitions(BoundedTable<ResilienceKey, CircuitCounters> circuits)
    {
        foreach (var (key, counters) in circuits.Entries.Append(new(new ResilienceKey(OtherLabel, OtherLabel), circuits.Others)))
            foreach (var state in s_circuitStates)
                if (counters.Entered(state) is > 0 and var count)
                    yield return new Measurement<long>(count, [.. LabelsOf(key), new("state", SnakeCase.Of(state))]);
    }

    private IEnumerable<Measurement<long>> MeasureOutcomes(BoundedTable<string, OperationCounters> operations)
    {
        foreach (var (name, counters) in Shown(operations))
            foreach (var outcome in s_outcomes)
                yield return new Measurement<long>(counters[outcome].Value, _network, new("operation", name), new("outcome", SnakeCase.Of(outcome)));
    }

    private static IEnumerable<KeyValuePair<string, OperationCounters>> Shown(BoundedTable<string, OperationCounters> operations)
    {
        foreach (var operation in operations.Entries)
            yield return operation;
        if (s_outcomes.Any(outcome => operations.Others[outcome].Value > 0))
            yield return new(OtherLabel, operations.Others);
    }

    private KeyValuePair<string, object?>[] LabelsOf(ResilienceKey key) => [_network, new("peer", key.Target), new("operation", key.Operation)];
}
