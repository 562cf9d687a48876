using System.Collections.Concurrent;
using SubnetVpn.Resilience;

namespace SubnetVpn.TestKit.Resilience;

/// <summary>Writes down what a policy tells.</summary>
public sealed class ResilienceRecorder : IResilienceObserver
{
    private readonly ConcurrentQueue<string> _changes = new();
    private readonly ConcurrentQueue<(ResilienceKey Key, int Attempt, TimeSpan Pause)> _retries = new();
    private readonly ConcurrentQueue<(ResilienceKey Key, ResilienceOutcome Outcome, int Attempts)> _ends = new();

    /// <summary>Changes of breakers, such as <c>open_stream/peer: Closed to Open (the error)</c>.</summary>
    public IReadOnlyList<string> Changes => [.. _changes];

    /// <summary>Repetitions.</summary>
    public IReadOnlyList<(ResilienceKey Key, int Attempt, TimeSpan Pause)> Retries => [.. _retries];

    /// <summary>Ends of operations.</summary>
    public IReadOnlyList<(ResilienceKey Key, ResilienceOutcome Outcome, int Attempts)> Ends => [.. _ends];

    /// <summary>Called with each change, before it is written down.</summary>
    public Action<ResilienceKey, CircuitState, CircuitState>? OnChange { get; set; }

    /// <inheritdoc/>
    public void CircuitChanged(ResilienceKey key, CircuitState before, CircuitState after, string? error)
    {
        OnChange?.Invoke(key, before, after);
        _changes.Enqueue($"{key}: {before} to {after}{(error is null ? string.Empty : $" ({error})")}");
    }

    /// <inheritdoc/>
    public void Retrying(ResilienceKey key, int attempt, TimeSpan pause) => _retries.Enqueue((key, attempt, pause));

    /// <inheritdoc/>
    public void Completed(ResilienceKey key, ResilienceOutcome outcome, int attempts) => _ends.Enqueue((key, outcome, attempts));
}
