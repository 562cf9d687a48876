using SubnetVpn.Resilience;

namespace SubnetVpn.TestKit.Resilience;

/// <summary>What a policy that is <see cref="ICircuitBreakers"/> must do: the state machine of the settings.</summary>
public abstract class CircuitBreakerConformance : ResilienceKit
{
    private static readonly ResilienceSettings s_breaker = new()
    {
        CircuitBreakerFailureThreshold = 3,
        CircuitBreakerResetTimeout = TimeSpan.FromSeconds(60),
        CircuitBreakerSuccessThreshold = 2,
    };

    [Fact(Timeout = Limit)]
    public async Task Breaker_FailuresInARow_OpenIt()
    {
        var (policy, breakers, operation) = CreateBreakers();

        await FailAsync(breakers, operation, 2);
        Assert.Equal((CircuitState.Closed, 2), (policy.GetCircuit(Key).State, policy.GetCircuit(Key).ConsecutiveFailures));
        await FailAsync(breakers, operation, 1);
        Time.Advance(TimeSpan.FromSeconds(20));
        var refused = await breakers.ExecuteAsync(Key, operation.RunAsync, Token);

        Assert.Equal(new CircuitSnapshot(CircuitState.Open, 3, "It does not work.", Time.GetUtcNow() + TimeSpan.FromSeconds(40)), policy.GetCircuit(Key));
        Assert.Equal((ResilienceOutcome.CircuitOpen, 0, TimeSpan.FromSeconds(40)), (refused.Outcome, refused.Attempts, refused.RetryAfter));
        Assert.Contains("It does not work.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(3, operation.Runs.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_SuccessBetween_StartsCountingAnew()
    {
        var (policy, breakers, operation) = CreateBreakers();

        await FailAsync(breakers, operation, 2);
        await SucceedAsync(breakers, operation);
        await FailAsync(breakers, operation, 2);

        Assert.Equal(CircuitState.Closed, policy.GetCircuit(Key).State);
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_OtherKey_IsNotAffected()
    {
        var (policy, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);

        operation.Succeed();
        var other = await breakers.ExecuteAsync(OtherKey, operation.RunAsync, Token);

        Assert.Equal(ResilienceOutcome.Succeeded, other.Outcome);
        Assert.Equal(CircuitState.Open, policy.GetCircuit(Key).State);
        Assert.Equal([Key], breakers.GetStates().Where(static entry => entry.Value.State == CircuitState.Open).Select(static entry => entry.Key));
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_ResetTimeoutOver_ProbesUntilItCloses()
    {
        var (policy, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);

        Time.Advance(TimeSpan.FromSeconds(60));
        await SucceedAsync(breakers, operation);
        Assert.Equal(CircuitState.HalfOpen, policy.GetCircuit(Key).State);
        await SucceedAsync(breakers, operation);

        Assert.Equal(CircuitSnapshot.Closed, policy.GetCircuit(Key));
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_ProbeFails_OpensAgain()
    {
        var (policy, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);

        Time.Advance(TimeSpan.FromSeconds(60));
        await SucceedAsync(breakers, operation);
        await FailAsync(breakers, operation, 1);
        var refused = await breakers.ExecuteAsync(Key, operation.RunAsync, Token);

        Assert.Equal((ResilienceOutcome.CircuitOpen, TimeSpan.FromSeconds(60)), (refused.Outcome, refused.RetryAfter));
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_HalfOpen_LetsOneProbeThroughAtATime()
    {
        var (_, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);
        Time.Advance(TimeSpan.FromSeconds(60));
        var probe = new TaskCompletionSource<OperationResult<int>>();

        var first = breakers.ExecuteAsync(Key, _ => new ValueTask<OperationResult<int>>(probe.Task), Token);
        var second = await breakers.ExecuteAsync(Key, operation.RunAsync, Token);
        probe.SetResult(OperationResult<int>.Success(1));

        Assert.Equal((ResilienceOutcome.CircuitOpen, null), (second.Outcome, second.RetryAfter));
        Assert.Equal(ResilienceOutcome.Succeeded, (await first).Outcome);
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_ProbeCancelled_TheNextOneIsLetThrough()
    {
        var (_, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);
        Time.Advance(TimeSpan.FromSeconds(60));
        using var cancelled = new CancellationTokenSource();

        var probe = breakers.ExecuteAsync(Key, async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, token);
            return OperationResult<int>.Success(0);
        }, cancelled.Token);
        await cancelled.CancelAsync();

        Assert.Equal(ResilienceOutcome.Cancelled, (await probe).Outcome);
        await SucceedAsync(breakers, operation);
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_WhatBeganBeforeItOpened_NoLongerCounts()
    {
        var (policy, breakers, operation) = CreateBreakers();
        var late = new TaskCompletionSource<OperationResult<int>>();

        var lateExecution = breakers.ExecuteAsync(Key, _ => new ValueTask<OperationResult<int>>(late.Task), Token);
        await FailAsync(breakers, operation, 3);
        late.SetResult(OperationResult<int>.Success(1));
        await lateExecution;

        Assert.Equal(CircuitState.Open, policy.GetCircuit(Key).State);
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_Exceptions_CountAsFailures()
    {
        var (policy, breakers, operation) = CreateBreakers();
        operation.Script = static (_, _) => throw new InvalidTimeZoneException("A bug.");

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await breakers.ExecuteAsync(Key, operation.RunAsync, Token));

        Assert.Equal((CircuitState.Open, "A bug."), (policy.GetCircuit(Key).State, policy.GetCircuit(Key).LastError));
    }

    [Fact(Timeout = Limit)]
    public async Task Breaker_ResetByHand_Closes()
    {
        var (policy, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);

        breakers.Reset(Key);
        breakers.Reset(OtherKey);

        Assert.Equal(CircuitSnapshot.Closed, policy.GetCircuit(Key));
        await SucceedAsync(breakers, operation);
    }

    [Fact(Timeout = Limit)]
    public async Task Execute_BreakerOpensOnTheWay_IsNotWaitedFor()
    {
        var (policy, _, operation) = CreateBreakers();
        operation.Fail();

        while (policy.GetCircuit(Key).State == CircuitState.Closed)
            Assert.Equal(ResilienceOutcome.Failed, (await ExecuteAsync(policy, operation)).Outcome);
        var refused = await ExecuteAsync(policy, operation);

        Assert.Equal((ResilienceOutcome.CircuitOpen, 0), (refused.Outcome, refused.Attempts));
        Assert.Equal(3, operation.Runs.Count);
        Assert.True(Time.Elapsed < s_breaker.CircuitBreakerResetTimeout, $"It waited {Time.Elapsed} for the breaker.");
    }

    // The original refused at its main entry point before it looked at the time, so that only a reset by hand closed the breaker.
    [Fact(Timeout = Limit)]
    public async Task Execute_ResetTimeoutOver_ProbesUntilItCloses()
    {
        var (policy, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);
        operation.Succeed();

        Assert.Equal(ResilienceOutcome.CircuitOpen, (await ExecuteAsync(policy, operation)).Outcome);
        Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((ResilienceOutcome.Succeeded, 1), Summarize(await ExecuteAsync(policy, operation)));
        Assert.Equal(CircuitState.HalfOpen, policy.GetCircuit(Key).State);
        Assert.Equal((ResilienceOutcome.Succeeded, 1), Summarize(await ExecuteAsync(policy, operation)));

        Assert.Equal(CircuitSnapshot.Closed, policy.GetCircuit(Key));
    }

    [Fact(Timeout = Limit)]
    public async Task Execute_ProbeFails_IsNotRepeated()
    {
        var (policy, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);

        Time.Advance(TimeSpan.FromSeconds(60));
        var result = await ExecuteAsync(policy, operation);

        Assert.Equal((ResilienceOutcome.Failed, 1, TimeSpan.FromSeconds(60)), (result.Outcome, result.Attempts, result.RetryAfter));
        Assert.Equal((CircuitState.Open, Time.GetUtcNow() + TimeSpan.FromSeconds(60)), (policy.GetCircuit(Key).State, policy.GetCircuit(Key).NextProbe));
    }

    // The original let everything through once it was half open.
    [Fact(Timeout = Limit)]
    public async Task Execute_HalfOpenAndManyAtOnce_OneRuns()
    {
        var (policy, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);
        Time.Advance(TimeSpan.FromSeconds(60));
        var (probe, runs) = (new TaskCompletionSource<OperationResult<int>>(), 0);

        var executions = Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await policy.ExecuteAsync(
            Key,
            (_, _) =>
            {
                Interlocked.Increment(ref runs);
                return new ValueTask<OperationResult<int>>(probe.Task);
            },
            0,
            Token))).ToList();
        var refused = new List<Task<ResilienceResult<int>>>();
        while (refused.Count < executions.Count - 1)
            refused.Add(await Task.WhenAny(executions.Except(refused)));
        probe.SetResult(OperationResult<int>.Success(1));
        var results = await Task.WhenAll(executions);

        Assert.Equal(1, runs);
        Assert.Single(results, static result => result.Outcome == ResilienceOutcome.Succeeded);
        Assert.Equal(49, results.Count(static result => (result.Outcome, result.Attempts) == (ResilienceOutcome.CircuitOpen, 0)));
        Assert.Equal(CircuitState.HalfOpen, policy.GetCircuit(Key).State);
    }

    // The original counted a whole series of attempts as one failure: 25 attempts at a dead peer instead of 5.
    [Fact(Timeout = Limit)]
    public async Task Execute_EveryAttempt_Counts()
    {
        var policy = Create(s_breaker with { RetryMaxAttempts = 2 }, Time);
        var operation = new ScriptedOperation(Time);
        operation.Fail();

        await ExecuteAsync(policy, operation);
        Assert.Equal(operation.Runs.Count, policy.GetCircuit(Key).ConsecutiveFailures);
        await ExecuteAsync(policy, operation);

        Assert.Equal((CircuitState.Open, 3), (policy.GetCircuit(Key).State, operation.Runs.Count));
    }

    // In the original, what failed late put off the next probe, and so could put it off for ever.
    [Fact(Timeout = Limit)]
    public async Task Breaker_FailureThatBeganBeforeItOpened_DoesNotPutOffTheProbe()
    {
        var (policy, breakers, operation) = CreateBreakers();
        var late = new TaskCompletionSource<OperationResult<int>>();
        var lateExecution = breakers.ExecuteAsync(Key, _ => new ValueTask<OperationResult<int>>(late.Task), Token);
        await FailAsync(breakers, operation, 3);
        var probe = policy.GetCircuit(Key).NextProbe;

        Time.Advance(TimeSpan.FromSeconds(50));
        late.SetResult(OperationResult<int>.Failure("Late."));
        await lateExecution;

        Assert.Equal((probe, 3), (policy.GetCircuit(Key).NextProbe, policy.GetCircuit(Key).ConsecutiveFailures));
        Time.Advance(TimeSpan.FromSeconds(10));
        await SucceedAsync(breakers, operation);
    }

    // The original kept a breaker for every peer that it ever tried.
    [Fact(Timeout = Limit)]
    public async Task Breaker_NotUsedForLong_IsForgotten()
    {
        var (policy, breakers, operation) = CreateBreakers();
        await FailAsync(breakers, operation, 3);
        operation.Fail();
        await breakers.ExecuteAsync(OtherKey, operation.RunAsync, Token);

        Time.Advance(s_breaker.CircuitBreakerResetTimeout * 2);
        Assert.Equal(2, breakers.GetStates().Count);
        Time.Advance(TimeSpan.FromDays(1));

        Assert.Empty(breakers.GetStates());
        Assert.Equal(CircuitSnapshot.Closed, policy.GetCircuit(Key));
    }

    private static (ResilienceOutcome Outcome, int Attempts) Summarize(ResilienceResult<int> result) => (result.Outcome, result.Attempts);

    private (IResiliencePolicy Policy, ICircuitBreakers Breakers, ScriptedOperation Operation) CreateBreakers()
    {
        var policy = Create(s_breaker, Time);
        return (policy, Assert.IsType<ICircuitBreakers>(policy, exactMatch: false), new ScriptedOperation(Time));
    }

    private static async Task FailAsync(ICircuitBreakers breakers, ScriptedOperation operation, int times)
    {
        operation.Fail();
        for (var i = 0; i < times; i++)
        {
            var result = await breakers.ExecuteAsync(Key, operation.RunAsync, Token);
            Assert.Equal((ResilienceOutcome.Failed, 1), (result.Outcome, result.Attempts));
        }
    }

    private static async Task SucceedAsync(ICircuitBreakers breakers, ScriptedOperation operation)
    {
        operation.Succeed();
        Assert.Equal(ResilienceOutcome.Succeeded, (await breakers.ExecuteAsync(Key, operation.RunAsync, Token)).Outcome);
    }
}
