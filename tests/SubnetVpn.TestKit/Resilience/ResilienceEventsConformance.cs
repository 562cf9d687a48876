using SubnetVpn.Resilience;

namespace SubnetVpn.TestKit.Resilience;

/// <summary>What a policy that is <see cref="IResilienceEvents"/> must tell; one with breakers and retries.</summary>
public abstract class ResilienceEventsConformance : ResilienceKit
{
    private static readonly ResilienceSettings s_settings = new()
    {
        CircuitBreakerFailureThreshold = 3,
        CircuitBreakerResetTimeout = TimeSpan.FromSeconds(60),
        CircuitBreakerSuccessThreshold = 2,
        RetryMaxAttempts = 2,
    };

    private readonly ResilienceRecorder _recorder = new();

    [Fact(Timeout = Limit)]
    public async Task Events_LifeOfABreaker_EachChangeIsToldOnce()
    {
        var (policy, operation) = CreateWatched();

        operation.Fail("No route.");
        await ExecuteAsync(policy, operation);
        await ExecuteAsync(policy, operation);
        await ExecuteAsync(policy, operation);
        Time.Advance(TimeSpan.FromSeconds(60));
        await ExecuteAsync(policy, operation);
        Time.Advance(TimeSpan.FromSeconds(60));
        operation.Succeed();
        await ExecuteAsync(policy, operation);
        await ExecuteAsync(policy, operation);

        Assert.Equal(
            [
                $"{Key}: Closed to Open (No route.)", $"{Key}: Open to HalfOpen", $"{Key}: HalfOpen to Open (No route.)",
                $"{Key}: Open to HalfOpen", $"{Key}: HalfOpen to Closed",
            ],
            _recorder.Changes);
    }

    // The original counted a close with every success, and an opening with every failure while it was open.
    [Fact(Timeout = Limit)]
    public async Task Events_NoChange_NoneIsTold()
    {
        var (policy, operation) = CreateWatched();
        var breakers = Assert.IsType<ICircuitBreakers>(policy, exactMatch: false);
        var late = new TaskCompletionSource<OperationResult<int>>();

        for (var i = 0; i < 5; i++)
            await ExecuteAsync(policy, operation);
        breakers.Reset(Key);
        Assert.Empty(_recorder.Changes);
        var lateExecution = breakers.ExecuteAsync(Key, _ => new ValueTask<OperationResult<int>>(late.Task), Token);
        operation.Fail();
        for (var i = 0; i < 5; i++)
            await ExecuteAsync(policy, operation);
        late.SetResult(OperationResult<int>.Failure("Late."));
        await lateExecution;
        Assert.Single(_recorder.Changes);
        breakers.Reset(Key);
        breakers.Reset(Key);

        Assert.Equal([$"{Key}: Closed to Open (It does not work.)", $"{Key}: Open to Closed"], _recorder.Changes);
    }

    [Fact(Timeout = Limit)]
    public async Task Events_Retries_AreToldWithTheirPauses()
    {
        var (policy, operation) = CreateWatched(s_settings with { RetryMaxAttempts = 4, CircuitBreakerFailureThreshold = 1000 });

        operation.Fail();
        await ExecuteAsync(policy, operation);

        Assert.Equal([(Key, 2), (Key, 3), (Key, 4)], _recorder.Retries.Select(static retry => (retry.Key, retry.Attempt)));
        // Timers count whole milliseconds.
        Assert.All(operation.Pauses.Zip(_recorder.Retries), static pair => Assert.InRange((pair.Second.Pause - pair.First).Duration().TotalMilliseconds, 0, 1));
        Assert.Equal([(Key, ResilienceOutcome.Failed, 4)], _recorder.Ends);
    }

    [Fact(Timeout = Limit)]
    public async Task Events_Ends_AreToldOnceForEachOperation()
    {
        var (policy, operation) = CreateWatched();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await ExecuteAsync(policy, operation);
        operation.Script = static (run, _) => ValueTask.FromResult(run == 2 ? OperationResult<int>.Failure("Once.") : OperationResult<int>.Success(run));
        await ExecuteAsync(policy, operation);
        await ExecuteAsync(policy, operation, cancelled.Token);
        operation.Script = static (_, _) => throw new InvalidTimeZoneException("A bug.");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => ExecuteAsync(policy, operation));
        operation.Fail();
        await ExecuteAsync(policy, operation);
        await ExecuteAsync(policy, operation);

        Assert.Equal(
            [
                (Key, ResilienceOutcome.Succeeded, 1), (Key, ResilienceOutcome.Succeeded, 2), (Key, ResilienceOutcome.Cancelled, 0),
                (Key, ResilienceOutcome.Failed, 1), (Key, ResilienceOutcome.Failed, 2), (Key, ResilienceOutcome.CircuitOpen, 0),
            ],
            _recorder.Ends);
    }

    [Fact(Timeout = Limit)]
    public async Task Events_ObserverThrows_CostsNothing()
    {
        var (policy, operation) = CreateWatched();
        var events = Assert.IsType<IResilienceEvents>(policy, exactMatch: false);
        var second = new ResilienceRecorder();
        using var watch = events.Watch(second);
        _recorder.OnChange = static (_, _, _) => throw new InvalidTimeZoneException("A bug of the observer.");

        operation.Fail();
        await ExecuteAsync(policy, operation);
        var result = await ExecuteAsync(policy, operation);

        Assert.Equal((ResilienceOutcome.Failed, 1), (result.Outcome, result.Attempts));
        Assert.Equal(CircuitState.Open, policy.GetCircuit(Key).State);
        Assert.Single(second.Changes);
    }

    [Fact(Timeout = Limit)]
    public async Task Events_ObserverCallsThePolicy_ChangesStayInOrder()
    {
        var (policy, operation) = CreateWatched();
        var breakers = Assert.IsType<ICircuitBreakers>(policy, exactMatch: false);
        var second = new ResilienceRecorder();
        using var watch = ((IResilienceEvents)policy).Watch(second);
        _recorder.OnChange = (key, _, after) =>
        {
            if (after == CircuitState.Open)
                breakers.Reset(key);
        };

        operation.Fail();
        await ExecuteAsync(policy, operation);
        await ExecuteAsync(policy, operation);

        Assert.Equal([$"{Key}: Closed to Open (It does not work.)", $"{Key}: Open to Closed"], second.Changes);
        Assert.Equal(second.Changes, _recorder.Changes);
    }

    [Fact(Timeout = Limit)]
    public async Task Events_ManyThreads_EachChangeBeginsWhereTheLastEnded()
    {
        var policy = Create(s_settings with { CircuitBreakerFailureThreshold = 1, CircuitBreakerSuccessThreshold = 1 }, Time);
        var breakers = Assert.IsType<ICircuitBreakers>(policy, exactMatch: false);
        var (states, broken) = (new Dictionary<ResilienceKey, CircuitState>(), 0);
        _recorder.OnChange = (key, before, after) =>
        {
            // Without a lock: told one at a time.
            if (states.GetValueOrDefault(key) != before || before == after)
                broken++;
            states[key] = after;
        };
        using var watch = Assert.IsType<IResilienceEvents>(policy, exactMatch: false).Watch(_recorder);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            // Fewer changes in all than a policy may keep back while the thread that brings them does not run.
            var random = new Random(worker);
            for (var i = 0; i < 200; i++)
            {
                var key = random.Next(2) == 0 ? Key : OtherKey;
                if (random.Next(4) == 0)
                    breakers.Reset(key);
                else
                    await breakers.ExecuteAsync(key, _ => ValueTask.FromResult(random.Next(2) == 0 ? OperationResult<int>.Success(0) : OperationResult<int>.Failure("No.")), Token);
            }
        })));

        Assert.Equal(0, broken);
        Assert.NotEmpty(_recorder.Changes);
        Assert.All(states, state => Assert.Equal(state.Value, policy.GetCircuit(state.Key).State));
    }

    [Fact(Timeout = Limit)]
    public async Task Events_NoLongerWatched_NothingIsTold()
    {
        var policy = Create(s_settings, Time);
        var watch = Assert.IsType<IResilienceEvents>(policy, exactMatch: false).Watch(_recorder);

        watch.Dispose();
        watch.Dispose();
        await ExecuteAsync(policy, new ScriptedOperation(Time));

        Assert.Empty(_recorder.Ends);
    }

    private (IResiliencePolicy Policy, ScriptedOperation Operation) CreateWatched(ResilienceSettings? settings = null)
    {
        var policy = Create(settings ?? s_settings, Time);
        Assert.IsType<IResilienceEvents>(policy, exactMatch: false).Watch(_recorder);
        return (policy, new ScriptedOperation(Time));
    }
}
