using SubnetVpn.Resilience;

namespace SubnetVpn.Core.Metrics;

/// <summary>One kind of operation under a resilience policy: how they ended, and what repeating them brought.</summary>
internal sealed class OperationCounters
{
    public SharedCounter Succeeded { get; } = new();

    public SharedCounter Failed { get; } = new();

    public SharedCounter Refused { get; } = new();

    public SharedCounter Cancelled { get; } = new();

    /// <summary>Repetitions.</summary>
    public SharedCounter Retries { get; } = new();

    /// <summary>Operations that worked after a repetition.</summary>
    public SharedCounter RetrySuccesses { get; } = new();

    /// <summary>Operations that did not, for all the repetitions.</summary>
    public SharedCounter RetryFailures { get; } = new();

    public SharedCounter this[ResilienceOutcome outcome] => outcome switch
    {
        ResilienceOutcome.Succeeded => Succeeded,
        ResilienceOutcome.CircuitOpen => Refused,
        ResilienceOutcome.Cancelled => Cancelled,
        _ => Failed,
    };
}
