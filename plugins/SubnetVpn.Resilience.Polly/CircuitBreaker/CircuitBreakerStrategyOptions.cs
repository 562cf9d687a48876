using System.ComponentModel.DataAnnotations;
using Polly;

namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>What <see cref="CircuitBreakerStrategy"/> needs.</summary>
internal sealed class CircuitBreakerStrategyOptions : ResilienceStrategyOptions
{
    public CircuitBreakerStrategyOptions() => Name = "CircuitBreaker";

    /// <summary>The breakers.</summary>
    [Required]
    public CircuitBreakerRegistry? Registry { get; set; }
}
