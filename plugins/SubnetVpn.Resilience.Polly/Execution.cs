using Polly;

namespace SubnetVpn.Resilience.Polly;

/// <summary>One call of the policy: the operation, how often it ran, and what it brought.</summary>
internal sealed class Execution<T, TState>(Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state)
{
    private T? _value;

    /// <summary>How often the operation ran.</summary>
    public int Attempts { get; private set; }

    /// <summary>Runs the operation once.</summary>
    public async ValueTask<Outcome<Attempt>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Attempts++;
            var result = await operation(state, cancellationToken).ConfigureAwait(false);
            // An operation may tell of its cancellation by a failure; that is not the fault of what it was done to.
            if (!result.IsSuccess)
                cancellationToken.ThrowIfCancellationRequested();
            _value = result.Value;
            return Outcome.FromResult(result.IsSuccess ? Attempt.Succeeded : Attempt.Failed(result.Error, result.IsPermanent));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<Attempt>(exception);
        }
    }

    /// <summary>Turns the outcome of the pipeline into the result; an exception of the operation passes through.</summary>
    public ResilienceResult<T> Finish(in Outcome<Attempt> outcome, CancellationToken cancellationToken)
    {
        if (outcome.Exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
            return new ResilienceResult<T>(ResilienceOutcome.Cancelled, default, "It was cancelled.", Attempts);
        outcome.ThrowIfException();
        var attempt = outcome.Result;
        return attempt.Kind switch
        {
            AttemptKind.Succeeded => new ResilienceResult<T>(ResilienceOutcome.Succeeded, _value, null, Attempts),
            AttemptKind.Refused => new ResilienceResult<T>(ResilienceOutcome.CircuitOpen, default, attempt.Error, Attempts, attempt.RetryAfter),
            _ => new ResilienceResult<T>(ResilienceOutcome.Failed, default, attempt.Error, Attempts, attempt.RetryAfter),
        };
    }
}
