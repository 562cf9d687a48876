using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace SubnetVpn.Resilience.Polly.Events;

/// <summary>The observers of a policy. An observer that throws costs neither the operation nor the others anything. Thread-safe.</summary>
internal sealed partial class ResilienceEvents(ILogger logger) : IResilienceEvents, IResilienceObserver
{
    private ImmutableArray<Watch> _watches = [];

    IDisposable IResilienceEvents.Watch(IResilienceObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var watch = new Watch(this, observer);
        ImmutableInterlocked.Update(ref _watches, static (watches, added) => watches.Add(added), watch);
        return watch;
    }

    public void CircuitChanged(ResilienceKey key, CircuitState before, CircuitState after, string? error) =>
        Tell(static (observer, change) => observer.CircuitChanged(change.key, change.before, change.after, change.error), (key, before, after, error));

    public void Retrying(ResilienceKey key, int attempt, TimeSpan pause) =>
        Tell(static (observer, retry) => observer.Retrying(retry.key, retry.attempt, retry.pause), (key, attempt, pause));

    public void Completed(ResilienceKey key, ResilienceOutcome outcome, int attempts) =>
        Tell(static (observer, end) => observer.Completed(end.key, end.outcome, end.attempts), (key, outcome, attempts));

    private void Tell<TState>(Action<IResilienceObserver, TState> tell, TState state)
    {
        foreach (var watch in _watches)
        {
            try
            {
                tell(watch.Observer, state);
            }
            catch (Exception exception)
            {
                LogObserverFailed(logger, exception, watch.Observer.GetType().Name);
            }
        }
    }

    [LoggerMessage(4, LogLevel.Error, "{Observer} threw while it was told what happened; that goes on without it")]
    private static partial void LogObserverFailed(ILogger logger, Exception exception, string observer);

    private sealed class Watch(ResilienceEvents owner, IResilienceObserver observer) : IDisposable
    {
        public IResilienceObserver Observer => observer;

        public void Dispose() => ImmutableInterlocked.Update(ref owner._watches, static (watches, removed) => watches.Remove(removed), this);
    }
}
