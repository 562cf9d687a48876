using Polly;

namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>Adds the breaker to a pipeline.</summary>
internal static class CircuitBreakerExtensions
{
    public static ResiliencePipelineBuilder<Attempt> AddKeyedCircuitBreaker(this ResiliencePipelineBuilder<Attempt> builder, CircuitBreakerStrategyOptions options) =>
        builder.AddStrategy(_ => new CircuitBreakerStrategy(options.Registry!), options);
}
