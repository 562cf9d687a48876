using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Plugins.Tests.TestKit;

public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Advance_MovesEveryReading()
    {
        var (now, stamp) = (_clock.GetUtcNow(), _clock.GetTimestamp());

        _clock.Advance(s_second * 90);

        Assert.Equal(now + (s_second * 90), _clock.GetUtcNow());
        Assert.Equal(s_second * 90, _clock.GetElapsedTime(stamp));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(-s_second));
    }

    [Fact]
    public void Advance_FiresInOrderOfDueTime_AndShowsIt()
    {
        var fired = new List<(string Name, TimeSpan At)>();
        using var late = Timer("late", 3);
        using var early = Timer("early", 1);
        using var equal = Timer("equal", 3);
        using var beyond = Timer("beyond", 11);

        _clock.Advance(s_second * 10);

        Assert.Equal([("early", s_second), ("late", s_second * 3), ("equal", s_second * 3)], fired);
        Assert.Equal(1, _clock.ActiveTimers);

        ITimer Timer(string name, int seconds) =>
            _clock.CreateTimer(_ => fired.Add((name, _clock.Elapsed)), null, s_second * seconds, Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void Advance_TimerSetsAnother_FiresItInTheSameCall()
    {
        var fired = new List<TimeSpan>();
        using var first = _clock.CreateTimer(_ => _clock.CreateTimer(_ => fired.Add(_clock.Elapsed), null, s_second, Timeout.InfiniteTimeSpan), null, s_second, Timeout.InfiniteTimeSpan);

        _clock.Advance(s_second * 5);

        Assert.Equal([s_second * 2], fired);
    }

    [Fact]
    public void AdvanceToNextTimer_GoesNoFurtherThanSaid()
    {
        var fired = 0;
        Assert.False(_clock.AdvanceToNextTimer(s_second));
        using var timer = _clock.CreateTimer(_ => fired++, null, s_second * 3, Timeout.InfiniteTimeSpan);

        Assert.True(_clock.AdvanceToNextTimer(s_second * 2));
        Assert.Equal((0, s_second * 2), (fired, _clock.Elapsed));
        Assert.True(_clock.AdvanceToNextTimer(s_second * 2));

        Assert.Equal((1, s_second * 3), (fired, _clock.Elapsed));
    }

    [Fact]
    public void Timer_Periodic_FiresUntilItIsChangedOrDisposedOf()
    {
        var count = 0;
        var timer = _clock.CreateTimer(_ => count++, null, s_second, s_second * 2);

        _clock.Advance(s_second * 6);
        Assert.Equal(3, count);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        _clock.Advance(s_second * 10);
        Assert.Equal(3, count);
        Assert.True(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        _clock.Advance(TimeSpan.Zero);
        Assert.Equal(4, count);
        timer.Dispose();

        Assert.False(timer.Change(s_second, s_second));
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact(Timeout = 60_000)]
    public async Task TaskDelay_EndsWhenTheClockSaysSo()
    {
        var delay = Task.Delay(s_second, _clock, TestContext.Current.CancellationToken);

        _clock.Advance(s_second / 2);
        Assert.False(delay.IsCompleted);
        _clock.Advance(s_second / 2);

        await delay;
    }

    [Fact]
    public void CancellationTokenSource_CancelsWhenTheClockSaysSo()
    {
        using var source = new CancellationTokenSource(s_second, _clock);

        _clock.Advance(s_second / 2);
        Assert.False(source.IsCancellationRequested);
        source.CancelAfter(s_second * 2);
        _clock.Advance(s_second);
        Assert.False(source.IsCancellationRequested);
        _clock.Advance(s_second);

        Assert.True(source.IsCancellationRequested);
    }

    [Fact(Timeout = 60_000)]
    public async Task PeriodicTimer_TicksWithTheClock()
    {
        using var timer = new PeriodicTimer(s_second, _clock);

        for (var i = 0; i < 3; i++)
        {
            var tick = timer.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.False(tick.IsCompleted);
            _clock.Advance(s_second);
            Assert.True(await tick);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task WhenTimers_IsDoneOnceTheyAreSet()
    {
        var waiting = _clock.WhenTimersAsync(2);

        using var one = _clock.CreateTimer(static _ => { }, null, s_second, Timeout.InfiniteTimeSpan);
        Assert.False(waiting.IsCompleted);
        using var other = _clock.CreateTimer(static _ => { }, null, s_second, Timeout.InfiniteTimeSpan);

        await waiting;
    }

    [Fact(Timeout = 60_000)]
    public async Task RunUntil_PassesEveryDelayOfATask()
    {
        await _clock.RunUntilAsync(WorkAsync());

        Assert.Equal(s_second * 3600 * 5, _clock.Elapsed);
        Assert.False(_clock.AdvanceToNextTimer());

        async Task WorkAsync()
        {
            for (var i = 0; i < 5; i++)
                await Task.Delay(TimeSpan.FromHours(1), _clock);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task RunUntil_TaskFails_ThrowsItsException() =>
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _clock.RunUntilAsync(Task.FromException(new InvalidTimeZoneException("A fault."))));
}
