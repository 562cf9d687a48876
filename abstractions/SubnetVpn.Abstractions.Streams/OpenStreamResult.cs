namespace SubnetVpn.Streams;

/// <summary>A new stream, or why there is none.</summary>
public readonly record struct OpenStreamResult
{
    private OpenStreamResult(IVpnStream? stream, OpenStreamFailure failure, string? detail, TimeSpan? retryAfter) =>
        (Stream, Failure, Detail, RetryAfter) = (stream, failure, detail, retryAfter);

    /// <summary>The stream; not null exactly when <see cref="Failure"/> is <see cref="OpenStreamFailure.None"/>.</summary>
    public IVpnStream? Stream { get; }

    /// <summary>Why there is no stream.</summary>
    public OpenStreamFailure Failure { get; }

    /// <summary>A sentence for the operator, such as the last error of each address; null with a stream.</summary>
    public string? Detail { get; }

    /// <summary>How long the transport will refuse to try again; null when it does not know.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>There is a stream.</summary>
    /// <param name="stream">It; the caller disposes of it.</param>
    public static OpenStreamResult Opened(IVpnStream stream) => new(stream ?? throw new ArgumentNullException(nameof(stream)), OpenStreamFailure.None, null, null);

    /// <summary>There is none.</summary>
    /// <param name="failure">Why; not <see cref="OpenStreamFailure.None"/>.</param>
    /// <param name="detail">A sentence for the operator.</param>
    /// <param name="retryAfter">How long the transport will refuse to try again, or null.</param>
    public static OpenStreamResult Failed(OpenStreamFailure failure, string detail, TimeSpan? retryAfter = null) => new(null, failure, detail, retryAfter);
}
