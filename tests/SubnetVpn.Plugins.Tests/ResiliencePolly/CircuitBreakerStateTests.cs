using SubnetVpn.Resilience;
using SubnetVpn.Resilience.Polly.CircuitBreaker;

namespace SubnetVpn.Plugins.Tests.ResiliencePolly;

public sealed class CircuitBreakerStateTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly CircuitBreakerState _breaker = new(failureThreshold: 3, s_timeout, successThreshold: 2);
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void New_IsPristine()
    {
        Assert.True(_breaker.IsPristine);
        Assert.Equal((CircuitState.Closed, 0, null, null), (_breaker.State, _breaker.ConsecutiveFailures, _breaker.LastError, _breaker.RetryAfter(_now)));
    }

    [Fact]
    public void Fail_UpToTheThreshold_OpensForTheTimeout()
    {
        Fail(3);

        Assert.Equal((CircuitState.Open, s_timeout), (_breaker.State, _breaker.RetryAfter(_now)));
        _now += s_timeout - TimeSpan.FromTicks(1);
        Assert.False(_breaker.TryEnter(_now, out _));
        _now += TimeSpan.FromTicks(1);
        Assert.True(_breaker.TryEnter(_now, out _));
        Assert.Equal(CircuitState.HalfOpen, _breaker.State);
    }

    [Fact]
    public void HalfOpen_SecondProbe_WaitsForTheFirst()
    {
        Fail(3);
        _now += s_timeout;

        Assert.True(_breaker.TryEnter(_now, out var first));
        Assert.False(_breaker.TryEnter(_now, out _));
        _breaker.Succeed(first, _now);
        Assert.True(_breaker.TryEnter(_now, out var second));
        _breaker.Succeed(second, _now);

        Assert.True(_breaker.IsPristine);
    }

    [Fact]
    public void HalfOpen_ProbeFails_SuccessesCountAnew()
    {
        Fail(3);
        _now += s_timeout;
        Succeed();
        Fail(1);
        Assert.Equal((CircuitState.Open, s_timeout), (_breaker.State, _breaker.RetryAfter(_now)));

        _now += s_timeout;
        Succeed();
        Assert.Equal(CircuitState.HalfOpen, _breaker.State);
    }

    [Fact]
    public void Late_ResultsOfAnEarlierGeneration_ChangeNothing()
    {
        Assert.True(_breaker.TryEnter(_now, out var lateSuccess));
        Assert.True(_breaker.TryEnter(_now, out var lateFailure));
        Fail(3);
        _now += s_timeout;
        Assert.True(_breaker.TryEnter(_now, out var probe));

        _breaker.Succeed(lateSuccess, _now);
        _breaker.Fail(lateFailure, _now, "late");

        Assert.Equal(CircuitState.HalfOpen, _breaker.State);
        Assert.False(_breaker.TryEnter(_now, out _));
        _breaker.Succeed(probe, _now);
        Assert.Equal(CircuitState.HalfOpen, _breaker.State);
        Assert.False(_breaker.IsRunning);
    }

    [Fact]
    public void Abandon_SaysNothing()
    {
        Fail(2);
        Assert.True(_breaker.TryEnter(_now, out var generation));

        _breaker.Abandon(generation, _now);

        Assert.Equal((CircuitState.Closed, 2, false), (_breaker.State, _breaker.ConsecutiveFailures, _breaker.IsRunning));
    }

    [Fact]
    public void Reset_WhileSomethingRuns_IsNotUndoneByIt()
    {
        Fail(2);
        Assert.True(_breaker.TryEnter(_now, out var generation));

        _breaker.Reset();
        _breaker.Fail(generation, _now, "late");

        Assert.True(_breaker.IsPristine);
    }

    // Every walk obeys the rules: no entry while open, one probe at a time, open only after enough failures in a row.
    [Fact]
    public void RandomWalks_KeepTheRules()
    {
        for (var seed = 0; seed < 200; seed++)
            Walk(new Random(seed));
    }

    private static void Walk(Random random)
    {
        var breaker = new CircuitBreakerState(failureThreshold: 3, s_timeout, successThreshold: 2);
        var (running, now, failures) = (new List<int>(), TimeSpan.Zero, 0);
        for (var step = 0; step < 300; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(0, 15));
            var before = breaker.State;
            if (running.Count == 0 || random.Next(2) == 0)
            {
                var mayProbe = before == CircuitState.Open && breaker.RetryAfter(now) == TimeSpan.Zero;
                var entered = breaker.TryEnter(now, out var generation);
                Assert.Equal(before == CircuitState.Closed || mayProbe || (before == CircuitState.HalfOpen && !running.Contains(generation)), entered);
                if (entered)
                    running.Add(generation);
                continue;
            }
            var index = random.Next(running.Count);
            var ticket = running[index];
            running.RemoveAt(index);
            var (how, failuresBefore) = (random.Next(3), breaker.ConsecutiveFailures);
            if (how == 0)
                breaker.Succeed(ticket, now);
            else if (how == 1)
                breaker.Fail(ticket, now, $"failure {++failures}");
            else
                breaker.Abandon(ticket, now);
            if (before != CircuitState.Open && breaker.State == CircuitState.Open)
                Assert.True(how == 1 && (before == CircuitState.HalfOpen || failuresBefore == 2), $"It opened from {before} after {failuresBefore} failures.");
            Assert.Equal(running.Count > 0, breaker.IsRunning);
        }
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(_breaker.TryEnter(_now, out var generation));
            _breaker.Fail(generation, _now, "It does not work.");
        }
    }

    private void Succeed()
    {
        Assert.True(_breaker.TryEnter(_now, out var generation));
        _breaker.Succeed(generation, _now);
    }
}
