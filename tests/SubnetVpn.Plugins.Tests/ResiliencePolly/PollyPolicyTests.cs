using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Resilience;
using SubnetVpn.Resilience.Polly;
using SubnetVpn.Resilience.Polly.CircuitBreaker;
using SubnetVpn.Resilience.Polly.Retry;
using SubnetVpn.TestKit.Resilience;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Plugins.Tests.ResiliencePolly;

public sealed class PollyPolicyTests
{
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0.5, 1000)]
    [InlineData(1, 0.5, 1500)]
    [InlineData(2, 0.5, 2250)]
    [InlineData(0, 0.0, 500)]
    [InlineData(0, 1.0, 1500)]
    [InlineData(100_000, 0.0, 15_000)]
    [InlineData(100_000, 1.0, 30_000)]
    public void Pause_GrowsAndSpreads_UpToTheMaximum(int attempt, double chance, double expectedMilliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMilliseconds), RetryBackoff.GetPause(new ResilienceSettings(), attempt, chance));

    [Fact(Timeout = 60_000)]
    public async Task Retry_SameChance_TakesTheSamePauses()
    {
        var policy = Create(new ResilienceSettings { RetryMaxAttempts = 4, CircuitBreakerFailureThreshold = 100 }, chance: 0.5);
        var operation = new ScriptedOperation(_clock);
        operation.Fail();

        var execution = ((IRetry)policy).ExecuteAsync(operation.RunAsync, Token).AsTask();
        await _clock.RunUntilAsync(execution);

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.25)], operation.Pauses);
    }

    [Fact(Timeout = 60_000)]
    public async Task Apply_OtherSettings_HoldForTheBreakersThereAreAndForLaterRetries()
    {
        var policy = Create(new ResilienceSettings { RetryMaxAttempts = 1, CircuitBreakerFailureThreshold = 1, CircuitBreakerResetTimeout = TimeSpan.FromHours(1) }, chance: 0.5);
        var key = new ResilienceKey("open_stream", "peer");
        var operation = new ScriptedOperation(_clock);
        operation.Fail();
        var opened = await policy.ExecuteAsync(key, static (script, token) => script.RunAsync(token), operation, Token);
        _clock.Advance(TimeSpan.FromSeconds(4));

        policy.Apply(new ResilienceSettings
        {
            RetryMaxAttempts = 3,
            CircuitBreakerFailureThreshold = 100,
            CircuitBreakerResetTimeout = TimeSpan.FromSeconds(5),
            RetryInitialInterval = TimeSpan.FromSeconds(2),
        });
        var early = await policy.ExecuteAsync(key, static (script, token) => script.RunAsync(token), operation, Token);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var probe = policy.ExecuteAsync(key, static (script, token) => script.RunAsync(token), operation, Token).AsTask();
        await _clock.RunUntilAsync(probe);
        var other = policy.ExecuteAsync(new ResilienceKey("open_stream", "other"), static (script, token) => script.RunAsync(token), operation, Token).AsTask();
        await _clock.RunUntilAsync(other);

        Assert.Equal((1, TimeSpan.FromHours(1)), (opened.Attempts, opened.RetryAfter));
        Assert.Equal((ResilienceOutcome.CircuitOpen, TimeSpan.FromSeconds(1)), (early.Outcome, early.RetryAfter));
        // The hour is not over, but five seconds are; the probe failed.
        Assert.Equal((ResilienceOutcome.Failed, 1, TimeSpan.FromSeconds(5)), ((await probe).Outcome, (await probe).Attempts, (await probe).RetryAfter));
        Assert.Equal((ResilienceOutcome.Failed, 3), ((await other).Outcome, (await other).Attempts));
        Assert.Equal(CircuitState.Closed, policy.GetCircuit(new ResilienceKey("open_stream", "other")).State);
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)], operation.Pauses.TakeLast(2));
    }

    [Fact(Timeout = 60_000)]
    public async Task Execute_DefaultSettings_OneFailedSequenceOpensTheBreaker()
    {
        var policy = Create(new ResilienceSettings(), chance: 0.5);
        var key = new ResilienceKey("open_stream", "peer");
        var operation = new ScriptedOperation(_clock);
        operation.Fail();

        var execution = policy.ExecuteAsync(key, static (script, token) => script.RunAsync(token), operation, Token).AsTask();
        await _clock.RunUntilAsync(execution);

        var result = await execution;
        Assert.Equal((ResilienceOutcome.Failed, 5, TimeSpan.FromSeconds(60)), (result.Outcome, result.Attempts, result.RetryAfter));
        Assert.Equal(CircuitState.Open, policy.GetCircuit(key).State);
    }

    [Fact(Timeout = 60_000)]
    public async Task Execute_AnotherCallerOpensTheBreakerDuringAPause_IsRefused()
    {
        var policy = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 2 }, chance: 0.5);
        var key = new ResilienceKey("open_stream", "peer");
        var operation = new ScriptedOperation(_clock);
        operation.Fail();

        var execution = policy.ExecuteAsync(key, static (script, token) => script.RunAsync(token), operation, Token).AsTask();
        await _clock.WhenTimersAsync();
        await ((ICircuitBreakers)policy).ExecuteAsync(key, operation.RunAsync, Token);
        await _clock.RunUntilAsync(execution);

        var result = await execution;
        Assert.Equal((ResilienceOutcome.CircuitOpen, 1), (result.Outcome, result.Attempts));
        Assert.Equal(2, operation.Runs.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task States_AfterSuccess_AreForgotten()
    {
        var policy = Create(new ResilienceSettings(), chance: 0.5);
        ICircuitBreakers breakers = policy;
        var operation = new ScriptedOperation(_clock);

        await breakers.ExecuteAsync(new ResilienceKey("open_stream", "works"), operation.RunAsync, Token);
        operation.Fail();
        await breakers.ExecuteAsync(new ResilienceKey("open_stream", "fails"), operation.RunAsync, Token);

        Assert.Equal(["open_stream/fails"], breakers.GetStates().Keys.Select(static key => key.ToString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task States_TooMany_TheOldestClosedOneGoes()
    {
        ICircuitBreakers breakers = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 2 }, chance: 0.5);
        var operation = new ScriptedOperation(_clock);
        operation.Fail();
        // The very first is open, and so outlives closed ones that are younger.
        await breakers.ExecuteAsync(Key(0), operation.RunAsync, Token);

        for (var number = 0; number < CircuitBreakerRegistry.Capacity + 10; number++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await breakers.ExecuteAsync(Key(number), operation.RunAsync, Token);
        }

        var states = breakers.GetStates();
        Assert.Equal(CircuitBreakerRegistry.Capacity, states.Count);
        Assert.Equal(CircuitState.Open, states[Key(0)].State);
        Assert.DoesNotContain(Key(1), states.Keys);
        Assert.DoesNotContain(Key(10), states.Keys);
        Assert.Contains(Key(11), states.Keys);

        static ResilienceKey Key(int number) => new("open_stream", $"peer {number}");
    }

    [Fact(Timeout = 60_000)]
    public async Task States_NotUsedForTenTimeouts_AreForgottenAndTold()
    {
        var policy = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 1 }, chance: 0.5);
        ICircuitBreakers breakers = policy;
        var recorder = new ResilienceRecorder();
        using var watch = ((IResilienceEvents)policy).Watch(recorder);
        var (idle, used) = (new ResilienceKey("open_stream", "idle"), new ResilienceKey("open_stream", "used"));
        var operation = new ScriptedOperation(_clock);
        operation.Fail();
        await breakers.ExecuteAsync(idle, operation.RunAsync, Token);
        await breakers.ExecuteAsync(used, operation.RunAsync, Token);

        for (var minute = 1; minute < CircuitBreakerRegistry.IdleTimeouts; minute++)
        {
            _clock.Advance(TimeSpan.FromSeconds(60));
            await breakers.ExecuteAsync(used, operation.RunAsync, Token);
            Assert.Equal(2, breakers.GetStates().Count);
        }
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal([used], breakers.GetStates().Keys);
        Assert.Equal([$"{idle}: Closed to Open (It does not work.)", $"{idle}: Open to Closed"], recorder.Changes.Where(change => change.Contains("idle", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 60_000)]
    public async Task States_OperationGoesOnForLong_IsNotForgotten()
    {
        ICircuitBreakers breakers = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 2 }, chance: 0.5);
        var key = new ResilienceKey("open_stream", "slow");
        var slow = new TaskCompletionSource<OperationResult<int>>();

        var execution = breakers.ExecuteAsync(key, _ => new ValueTask<OperationResult<int>>(slow.Task), Token);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Single(breakers.GetStates());
        slow.SetResult(OperationResult<int>.Failure("In vain."));
        await execution;

        // Its end is a use, too.
        Assert.Equal(1, breakers.GetStates()[key].ConsecutiveFailures);
    }

    // Peers that lost us at the same moment must not all come back at the same moment.
    [Fact(Timeout = 60_000)]
    public async Task Retry_ChanceOfTheSystem_PausesDiffer()
    {
        var settings = new ResilienceSettings { RetryMaxAttempts = 12, CircuitBreakerFailureThreshold = 100 };
        var pauses = new List<IReadOnlyList<TimeSpan>>();
        for (var i = 0; i < 2; i++)
        {
            IRetry retry = new PollyResiliencePolicy(settings, _clock, NullLogger<PollyResiliencePolicy>.Instance);
            var operation = new ScriptedOperation(_clock);
            operation.Fail();
            var execution = retry.ExecuteAsync(operation.RunAsync, Token).AsTask();
            await _clock.RunUntilAsync(execution);
            pauses.Add(operation.Pauses);
        }

        Assert.Equal((11, 11), (pauses[0].Count, pauses[1].Count));
        Assert.NotEqual(pauses[0], pauses[1]);
    }

    private PollyResiliencePolicy Create(ResilienceSettings settings, double chance) =>
        new(settings, _clock, NullLogger<PollyResiliencePolicy>.Instance, () => chance);
}
