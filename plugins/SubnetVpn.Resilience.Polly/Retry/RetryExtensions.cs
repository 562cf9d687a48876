using Polly;
using Polly.Retry;
using SubnetVpn.Resilience.Polly.CircuitBreaker;

namespace SubnetVpn.Resilience.Polly.Retry;

/// <summary>Adds retry to a pipeline.</summary>
internal static class RetryExtensions
{
    /// <summary>Repeats attempts that failed and may work next time. Exceptions, refusals and permanent faults are not repeated.</summary>
    public static ResiliencePipelineBuilder<Attempt> AddGrowingRetry(this ResiliencePipelineBuilder<Attempt> builder, ResilienceSettings settings, Func<double> chance, IResilienceObserver observer)
    {
        // Polly counts repetitions, and refuses to be told of none.
        if (settings.RetryMaxAttempts <= 1)
            return builder;
        return builder.AddRetry(new RetryStrategyOptions<Attempt>
        {
            MaxRetryAttempts = settings.RetryMaxAttempts - 1,
            ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is null && arguments.Outcome.Result.Kind == AttemptKind.Failed),
            DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(RetryBackoff.GetPause(settings, arguments.AttemptNumber, chance())),
            OnRetry = arguments =>
            {
                // Polly counts from 0, and tells of the attempt that failed.
                observer.Retrying(arguments.Context.Properties.GetValue(CircuitBreakerStrategy.Key, default), arguments.AttemptNumber + 2, arguments.RetryDelay);
                return default;
            },
        });
    }
}
