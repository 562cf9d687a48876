namespace SubnetVpn.Core.Configuration;

/// <summary>
/// The settings of a network that runs, which may be replaced as a whole while it does. Readers take <see cref="Current"/>
/// each time they need a value; what has to act upon a change watches. Thread-safe.
/// </summary>
internal sealed class LiveSettings(NetworkSettings initial)
{
    private readonly Lock _gate = new();
    private readonly List<Action<NetworkSettings>> _watchers = [];
    private volatile NetworkSettings _current = initial;

    public NetworkSettings Current
    {
        get => _current;
        set
        {
            lock (_gate)
            {
                _current = value;
                foreach (var watcher in _watchers)
                    watcher(value);
            }
        }
    }

    /// <summary>Calls with the settings as they are, and again with each that replace them, one after the other.</summary>
    /// <param name="watcher">Must not block, and not replace settings itself.</param>
    /// <returns>Ends it.</returns>
    public IDisposable Watch(Action<NetworkSettings> watcher)
    {
        lock (_gate)
        {
            _watchers.Add(watcher);
            watcher(_current);
        }
        return new Watching(this, watcher);
    }

    /// <summary>Waits for an interval that is one of the settings: when that changes, a new interval begins at once.</summary>
    public async Task DelayAsync(TimeProvider time, Func<NetworkSettings, TimeSpan> interval, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = new SettingsTimer(time, this, interval, () => over.TrySetResult());
        await over.Task.WaitAsync(cancellationToken);
    }

    private sealed class Watching(LiveSettings live, Action<NetworkSettings> watcher) : IDisposable
    {
        public void Dispose()
        {
            lock (live._gate)
                live._watchers.Remove(watcher);
        }
    }
}
