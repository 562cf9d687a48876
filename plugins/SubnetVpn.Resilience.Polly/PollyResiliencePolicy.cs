using Microsoft.Extensions.Logging;
using Polly;
using SubnetVpn.Plugins;
using SubnetVpn.Resilience.Polly.CircuitBreaker;
using SubnetVpn.Resilience.Polly.Events;
using SubnetVpn.Resilience.Polly.Retry;

namespace SubnetVpn.Resilience.Polly;

/// <summary>Retry around a circuit breaker, which counts every attempt. An open breaker is never waited for.</summary>
internal sealed class PollyResiliencePolicy : IResiliencePolicy, ICircuitBreakers, IRetry, IResilienceEvents, IReconfigurable<ResilienceSettings>
{
    // What operations without a breaker are told of as.
    private static readonly ResilienceKey s_retryKey = new("retry", string.Empty);

    private readonly ResilienceEvents _events;
    private readonly CircuitBreakerRegistry _breakers;
    private readonly Func<ResilienceSettings, Pipelines> _build;
    private volatile Pipelines _pipelines;

    public PollyResiliencePolicy(ResilienceSettings settings, TimeProvider time, ILogger<PollyResiliencePolicy> logger)
        : this(settings, time, logger, Random.Shared.NextDouble)
    {
    }

    internal PollyResiliencePolicy(ResilienceSettings settings, TimeProvider time, ILogger<PollyResiliencePolicy> logger, Func<double> chance)
    {
        _events = new ResilienceEvents(logger);
        _breakers = new CircuitBreakerRegistry(settings, time, logger, _events);
        var breaker = new CircuitBreakerStrategyOptions { Registry = _breakers };
        _build = current => new Pipelines(
            NewBuilder().AddGrowingRetry(current, chance, _events).AddKeyedCircuitBreaker(breaker).Build(),
            NewBuilder().AddGrowingRetry(current, chance, _events).Build(),
            NewBuilder().AddKeyedCircuitBreaker(breaker).Build());
        _pipelines = _build(settings);

        ResiliencePipelineBuilder<Attempt> NewBuilder() => new() { Name = "SubnetVpn", TimeProvider = time };
    }

    // What is being repeated goes on by the old settings.
    public void Apply(ResilienceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _breakers.Apply(settings);
        _pipelines = _build(settings);
    }

    public ValueTask<ResilienceResult<T>> ExecuteAsync<T, TState>(
        ResilienceKey key, Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state, CancellationToken cancellationToken) =>
        RunAsync(_pipelines.RetryAndBreaker, key, operation, state, cancellationToken);

    public CircuitSnapshot GetCircuit(ResilienceKey key) => _breakers.GetSnapshot(key);

    ValueTask<ResilienceResult<T>> ICircuitBreakers.ExecuteAsync<T>(
        ResilienceKey key, Func<CancellationToken, ValueTask<OperationResult<T>>> operation, CancellationToken cancellationToken) =>
        RunAsync(_pipelines.BreakerOnly, key, static (run, token) => run(token), operation, cancellationToken);

    void ICircuitBreakers.Reset(ResilienceKey key) => _breakers.Reset(key);

    IReadOnlyDictionary<ResilienceKey, CircuitSnapshot> ICircuitBreakers.GetStates() => _breakers.GetSnapshots();

    ValueTask<ResilienceResult<T>> IRetry.ExecuteAsync<T>(Func<CancellationToken, ValueTask<OperationResult<T>>> operation, CancellationToken cancellationToken) =>
        RunAsync(_pipelines.RetryOnly, s_retryKey, static (run, token) => run(token), operation, cancellationToken);

    IDisposable IResilienceEvents.Watch(IResilienceObserver observer) => ((IResilienceEvents)_events).Watch(observer);

    private async ValueTask<ResilienceResult<T>> RunAsync<T, TState>(
        ResiliencePipeline<Attempt> pipeline, ResilienceKey key, Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var execution = new Execution<T, TState>(operation, state);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CircuitBreakerStrategy.Key, key);
        var ending = ResilienceOutcome.Failed;
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(static (context, execution) => execution.RunAsync(context.CancellationToken), context, execution).ConfigureAwait(false);
            var result = execution.Finish(outcome, cancellationToken);
            ending = result.Outcome;
            return result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            _events.Completed(key, ending, execution.Attempts);
        }
    }

    private sealed record Pipelines(ResiliencePipeline<Attempt> RetryAndBreaker, ResiliencePipeline<Attempt> RetryOnly, ResiliencePipeline<Attempt> BreakerOnly);
}
