using Polly;

namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>
/// The breaker as a strategy of Polly, whose own counts by ratio and has no success threshold. The key travels in the
/// context, so that one pipeline serves all.
/// </summary>
internal sealed class CircuitBreakerStrategy(CircuitBreakerRegistry registry) : ResilienceStrategy<Attempt>
{
    /// <summary>Where the key of a call stands in its context.</summary>
    public static ResiliencePropertyKey<ResilienceKey> Key { get; } = new("subnetvpn.key");

    protected override async ValueTask<Outcome<Attempt>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<Attempt>>> callback, ResilienceContext context, TState state)
    {
        var key = context.Properties.GetValue(Key, default);
        if (!registry.TryEnter(key, out var ticket, out var refusal))
            return Outcome.FromResult(refusal);

        var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        if (outcome.Exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested)
        {
            registry.Abandon(key, ticket);
            return outcome;
        }
        if (outcome.Exception is null && outcome.Result.Kind == AttemptKind.Succeeded)
        {
            registry.Succeed(key, ticket);
            return outcome;
        }

        var retryAfter = registry.Fail(key, ticket, outcome.Exception?.Message ?? outcome.Result.Error);
        return outcome.Exception is null && retryAfter is not null
            ? Outcome.FromResult(outcome.Result with { Kind = AttemptKind.FailedForGood, RetryAfter = retryAfter })
            : outcome;
    }
}
