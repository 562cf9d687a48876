namespace SubnetVpn.Core.Configuration;

/// <summary>A periodic timer whose interval is one of the settings: when that changes, a new interval begins at once.</summary>
internal sealed class SettingsTimer : IDisposable
{
    private readonly ITimer _timer;
    private readonly IDisposable _watching;

    /// <summary>Starts the timer; the first tick comes after one interval.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="live">The settings.</param>
    /// <param name="interval">Which of them the interval is; longer than zero.</param>
    /// <param name="tick">Called at every interval. Must not throw.</param>
    public SettingsTimer(TimeProvider time, LiveSettings live, Func<NetworkSettings, TimeSpan> interval, Action tick)
    {
        _timer = time.CreateTimer(static state => ((Action)state!)(), tick, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TimeSpan? armed = null;
        _watching = live.Watch(settings =>
        {
            // A change of something else must not put off the next tick.
            if (interval(settings) is var wanted && wanted != armed)
                _timer.Change(wanted, wanted);
            armed = wanted;
        });
    }

    public void Dispose()
    {
        _watching.Dispose();
        _timer.Dispose();
    }
}
