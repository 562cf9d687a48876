using SubnetVpn.Resilience;

namespace SubnetVpn.TestKit.Resilience;

/// <summary>What a policy that is <see cref="IRetry"/> must do: how often it repeats, and how long it pauses.</summary>
public abstract class RetryConformance : ResilienceKit
{
    private static readonly ResilienceSettings s_retry = new()
    {
        CircuitBreakerFailureThreshold = 1000,
        RetryMaxAttempts = 12,
        RetryInitialInterval = TimeSpan.FromSeconds(1),
        RetryMaxInterval = TimeSpan.FromSeconds(30),
    };

    [Fact(Timeout = Limit)]
    public async Task Retry_AlwaysFails_StopsAfterTheLastAttempt()
    {
        var retry = CreateRetry(s_retry, out var operation);
        operation.Fail();

        var result = await RetryAsync(retry, operation, Token);

        Assert.Equal((ResilienceOutcome.Failed, 12), (result.Outcome, result.Attempts));
        Assert.Equal(12, operation.Runs.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task Retry_AlwaysFails_PausesGrowUpToTheMaximum()
    {
        var retry = CreateRetry(s_retry, out var operation);
        operation.Fail();

        await RetryAsync(retry, operation, Token);

        Assert.All(operation.Pauses, static pause => Assert.InRange(pause, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(30)));
        Assert.True(operation.Pauses[0] <= TimeSpan.FromSeconds(3), $"The first pause is {operation.Pauses[0]}.");
        Assert.True(operation.Pauses.TakeLast(3).Max() > TimeSpan.FromSeconds(8), $"The last pauses are {string.Join(", ", operation.Pauses.TakeLast(3))}.");
    }

    [Fact(Timeout = Limit)]
    public async Task Retry_WorksTheThirdTime_StopsThere()
    {
        var retry = CreateRetry(s_retry, out var operation);
        operation.Script = static (run, _) => ValueTask.FromResult(run < 3 ? OperationResult<int>.Failure("Not yet.") : OperationResult<int>.Success(run));

        var result = await RetryAsync(retry, operation, Token);

        Assert.Equal(new ResilienceResult<int>(ResilienceOutcome.Succeeded, 3, null, 3), result);
    }

    [Fact(Timeout = Limit)]
    public async Task Retry_OneAttempt_IsNotRepeated()
    {
        var retry = CreateRetry(s_retry with { RetryMaxAttempts = 1 }, out var operation);
        operation.Fail();

        Assert.Equal(1, (await RetryAsync(retry, operation, Token)).Attempts);
        Assert.Single(operation.Runs);
    }

    [Fact(Timeout = Limit)]
    public async Task Retry_PermanentFault_IsNotRepeated()
    {
        var retry = CreateRetry(s_retry, out var operation);
        operation.Fail(isPermanent: true);

        Assert.Equal(1, (await RetryAsync(retry, operation, Token)).Attempts);
    }

    [Fact(Timeout = Limit)]
    public async Task Retry_CancelledDuringAPause_IsCancelled()
    {
        var retry = CreateRetry(s_retry, out var operation);
        operation.Fail();
        using var cancelled = new CancellationTokenSource();

        var execution = retry.ExecuteAsync(operation.RunAsync, cancelled.Token);
        await Time.WhenTimersAsync();
        await cancelled.CancelAsync();
        var result = await execution;

        Assert.Equal((ResilienceOutcome.Cancelled, 1), (result.Outcome, result.Attempts));
    }

    private IRetry CreateRetry(ResilienceSettings settings, out ScriptedOperation operation)
    {
        var policy = Create(settings, Time);
        operation = new ScriptedOperation(Time);
        return Assert.IsType<IRetry>(policy, exactMatch: false);
    }

    private async Task<ResilienceResult<int>> RetryAsync(IRetry retry, ScriptedOperation operation, CancellationToken cancellationToken)
    {
        var execution = retry.ExecuteAsync(operation.RunAsync, cancellationToken).AsTask();
        await Time.RunUntilAsync(execution);
        return await execution;
    }
}
