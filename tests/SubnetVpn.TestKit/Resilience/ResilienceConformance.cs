using SubnetVpn.Resilience;

namespace SubnetVpn.TestKit.Resilience;

/// <summary>
/// What every <see cref="IResiliencePolicy"/> must do; one that is also <see cref="ICircuitBreakers"/> or <see cref="IRetry"/>
/// has a further kit. Inherit it and say how to make one.
/// </summary>
public abstract class ResilienceConformance : ResilienceKit
{
    [Fact(Timeout = Limit)]
    public async Task Execute_Works_BringsTheValue()
    {
        var policy = Create(new ResilienceSettings(), Time);

        var result = await policy.ExecuteAsync(Key, static (state, _) => ValueTask.FromResult(OperationResult<string>.Success($"{state}!")), "value", Token);

        Assert.Equal(new ResilienceResult<string>(ResilienceOutcome.Succeeded, "value!", null, 1), result);
        Assert.Equal(CircuitSnapshot.Closed, policy.GetCircuit(Key));
    }

    [Fact(Timeout = Limit)]
    public async Task Execute_FailsForGood_RunsOnceAndSaysWhy()
    {
        var policy = Create(new ResilienceSettings(), Time);
        var operation = new ScriptedOperation(Time);
        operation.Fail("The peer is gone.", isPermanent: true);

        var result = await ExecuteAsync(policy, operation);

        Assert.Equal((ResilienceOutcome.Failed, 1, "The peer is gone."), (result.Outcome, result.Attempts, result.Error));
        Assert.Single(operation.Runs);
    }

    [Fact(Timeout = Limit)]
    public async Task Execute_Fails_TellsHowOftenItRan()
    {
        var policy = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 1000 }, Time);
        var operation = new ScriptedOperation(Time);
        operation.Fail("The peer is slow.");

        var result = await ExecuteAsync(policy, operation);

        Assert.Equal((ResilienceOutcome.Failed, "The peer is slow."), (result.Outcome, result.Error));
        Assert.InRange(result.Attempts, 1, new ResilienceSettings().RetryMaxAttempts);
        Assert.Equal(operation.Runs.Count, result.Attempts);
    }

    [Fact(Timeout = Limit)]
    public async Task Execute_Throws_TheExceptionPassesThrough()
    {
        var policy = Create(new ResilienceSettings(), Time);
        var operation = new ScriptedOperation(Time) { Script = static (_, _) => throw new InvalidTimeZoneException("A bug.") };

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => ExecuteAsync(policy, operation));
    }

    [Fact(Timeout = Limit)]
    public async Task Execute_CancelledBefore_DoesNotRun()
    {
        var policy = Create(new ResilienceSettings(), Time);
        var operation = new ScriptedOperation(Time);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var result = await ExecuteAsync(policy, operation, cancelled.Token);

        Assert.Equal((ResilienceOutcome.Cancelled, 0), (result.Outcome, result.Attempts));
        Assert.Empty(operation.Runs);
    }

    [Fact(Timeout = Limit)]
    public async Task Execute_CancelledMeanwhile_IsCancelledAndNotCounted()
    {
        var policy = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 1 }, Time);
        using var cancelled = new CancellationTokenSource();
        var operation = new ScriptedOperation(Time)
        {
            Script = async (_, token) =>
            {
                await cancelled.CancelAsync();
                token.ThrowIfCancellationRequested();
                return OperationResult<int>.Success(0);
            },
        };

        var result = await ExecuteAsync(policy, operation, cancelled.Token);

        Assert.Equal((ResilienceOutcome.Cancelled, 1), (result.Outcome, result.Attempts));
        Assert.Equal(CircuitState.Closed, policy.GetCircuit(Key).State);
    }

    [Fact(Timeout = Limit)]
    public async Task Execute_ManyAtOnce_EachHasItsOwnResult()
    {
        var policy = Create(new ResilienceSettings(), Time);

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(async () => await policy.ExecuteAsync(
            number % 2 == 0 ? Key : OtherKey,
            static async (state, _) =>
            {
                await Task.Yield();
                return OperationResult<int>.Success(state);
            },
            number,
            Token))));

        Assert.Equal(Enumerable.Range(0, 200), results.Select(static result => result.Value));
        Assert.All(results, static result => Assert.Equal((ResilienceOutcome.Succeeded, 1), (result.Outcome, result.Attempts)));
    }

    [Fact]
    public void GetCircuit_NeverUsed_IsClosed()
    {
        Assert.Equal(CircuitSnapshot.Closed, Create(new ResilienceSettings(), Time).GetCircuit(Key));
    }
}
