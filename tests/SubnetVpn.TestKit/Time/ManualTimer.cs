namespace SubnetVpn.TestKit.Time;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>.</summary>
internal sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
{
    private volatile bool _isDisposed;

    public static IComparer<ManualTimer> ByDueTime { get; } =
        Comparer<ManualTimer>.Create(static (left, right) => left.Due != right.Due ? left.Due.CompareTo(right.Due) : left.Order.CompareTo(right.Order));

    // Due, Order and Period belong to the clock's lock.
    public TimeSpan Due { get; set; }

    public long Order { get; set; }

    public TimeSpan Period { get; private set; } = Timeout.InfiniteTimeSpan;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_isDisposed)
            return false;
        // A period of zero means none, as with the system's timers.
        Period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
        clock.Set(this, dueTime);
        return true;
    }

    public void Fire()
    {
        if (!_isDisposed)
            callback(state);
    }

    public void Dispose()
    {
        _isDisposed = true;
        clock.Set(this, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
