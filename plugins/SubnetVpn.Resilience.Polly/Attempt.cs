namespace SubnetVpn.Resilience.Polly;

/// <summary>What the strategies of a pipeline see of one run of an operation; the value stays with the operation.</summary>
/// <param name="Kind">How it went.</param>
/// <param name="Error">A sentence for the operator when it did not work.</param>
/// <param name="RetryAfter">How long the breaker will refuse, when it is open now.</param>
internal readonly record struct Attempt(AttemptKind Kind, string? Error, TimeSpan? RetryAfter)
{
    public static Attempt Succeeded => new(AttemptKind.Succeeded, null, null);

    public static Attempt Failed(string? error, bool isPermanent) => new(isPermanent ? AttemptKind.FailedForGood : AttemptKind.Failed, error, null);

    public static Attempt Refused(string error, TimeSpan? retryAfter) => new(AttemptKind.Refused, error, retryAfter);
}
