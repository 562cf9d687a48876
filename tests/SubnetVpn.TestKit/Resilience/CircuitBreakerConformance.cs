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
