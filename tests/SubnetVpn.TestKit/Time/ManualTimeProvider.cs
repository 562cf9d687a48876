namespace SubnetVpn.TestKit.Time;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the thread that calls <see cref="Advance"/>, in the order
/// in which they are due, equal ones in the order in which they were set; the clock shows the due time meanwhile. Works under
/// <c>Task.Delay</c>, <c>CancellationTokenSource</c>, <c>PeriodicTimer</c> and <c>Task.WaitAsync</c>. Thread-safe.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _timers = new(ManualTimer.ByDueTime);
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private readonly DateTimeOffset _start;
    private TimeSpan _now;
    private long _lastOrder;

    /// <summary>Makes a clock.</summary>
    /// <param name="start">What it shows; null for the first moment of the year 2030 in UTC.</param>
    public ManualTimeProvider(DateTimeOffset? start = null) => _start = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How far the clock was moved so far.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
                return _now;
        }
    }

    /// <summary>Timers that are set now.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, and fires what becomes due, also what is set meanwhile.</summary>
    /// <param name="by">How far; zero fires what is due at once.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (_gate)
            target = _now + by;
        while (TakeNext(target) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = target > _now ? target : _now;
    }

    /// <summary>Moves the clock to the next timer and fires it.</summary>
    /// <returns>False when no timer is set.</returns>
    public bool AdvanceToNextTimer() => AdvanceToNextTimer(TimeSpan.MaxValue);

    /// <summary>Moves the clock to the next timer and fires it, but not further than said; then nothing may fire.</summary>
    /// <param name="atMost">How far at most.</param>
    /// <returns>False when no timer is set: the clock stands then.</returns>
    public bool AdvanceToNextTimer(TimeSpan atMost)
    {
        TimeSpan wait;
        lock (_gate)
        {
            if (_timers.Min is not { } next)
                return false;
            wait = next.Due > _now ? next.Due - _now : TimeSpan.Zero;
        }
        Advance(wait < atMost ? wait : atMost);
        return true;
    }

    /// <summary>Waits until so many timers are set: until the code under test waits for the clock.</summary>
    /// <param name="count">How many at least.</param>
    public Task WhenTimersAsync(int count = 1) => Eventually.WithinSafetyLimitAsync(TimersReached(count), $"{count} timers to be set");

    /// <summary>
    /// Moves the clock from timer to timer until a task is done. Between two timers it lets the thread pool come to rest, so
    /// that what follows from one timer happens before the next, as far as that can be seen from outside. Where an exact
    /// moment matters, use <see cref="Advance"/> and await what has to follow.
    /// </summary>
    /// <param name="task">The task; its exception is thrown.</param>
    /// <param name="maxStep">How far to move at once; null for to the next timer.</param>
    public async Task RunUntilAsync(Task task, TimeSpan? maxStep = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        while (!task.IsCompleted)
        {
            await Eventually.WithinSafetyLimitAsync(Task.WhenAny(task, TimersReached(1)), "the task to end or to set a timer");
            await SettleAsync(task);
            if (!task.IsCompleted)
                AdvanceToNextTimer(maxStep ?? TimeSpan.MaxValue);
        }
        await task;
    }

    internal void Set(ManualTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Due = _now + dueTime;
            timer.Order = ++_lastOrder;
            _timers.Add(timer);
            foreach (var (count, reached) in _waiters)
                if (_timers.Count >= count)
                    reached.TrySetResult();
            _waiters.RemoveAll(static waiter => waiter.Reached.Task.IsCompleted);
        }
    }

    private static async Task SettleAsync(Task task)
    {
        const int Rounds = 8;
        for (var calm = 0; calm < Rounds && !task.IsCompleted; calm = ThreadPool.PendingWorkItemCount == 0 ? calm + 1 : 0)
        {
            // Once round the thread pool, and once round the test runner's own queue.
            await Task.Run(static () => { });
            await Task.Yield();
        }
    }

    private Task TimersReached(int count)
    {
        lock (_gate)
        {
            if (_timers.Count >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task;
        }
    }

    private ManualTimer? TakeNext(TimeSpan until)
    {
        lock (_gate)
        {
            if (_timers.Min is not { } next || next.Due > until)
                return null;
            _timers.Remove(next);
            _now = next.Due > _now ? next.Due : _now;
            if (next.Period != Timeout.InfiniteTimeSpan)
                Set(next, next.Period);
            return next;
        }
    }
}
