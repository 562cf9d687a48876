namespace SubnetVpn.Core.Streams;

/// <summary>
/// One run of the resilience policy to open a stream. A stream counts as opened once it has lived for a second, but carries
/// packets at once: until then the attempt goes on, and when the stream ends too soon it has failed.
/// </summary>
/// <param name="lane">The lane to open it for.</param>
/// <param name="wanted">Up to how many streams the pool opens one after the other.</param>
/// <param name="isWarming">Whether the warmer asked for it.</param>
internal sealed class OpenAttempt(int lane, int wanted, bool isWarming) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private volatile bool _isDialling;
    private volatile bool _isTrying;

    public int Lane => lane;

    public int Wanted => wanted;

    public bool IsWarming => isWarming;

    /// <summary>Whether the transport is at work, until the pool has what it opened; false during the pauses between its attempts.</summary>
    public bool IsDialling
    {
        get => _isDialling;
        set => _isDialling = value;
    }

    /// <summary>Whether it is at work: from the pool's leave to try until what it opened has proven to live, or has failed; false during the pauses of the policy.</summary>
    public bool IsTrying
    {
        get => _isTrying;
        set => _isTrying = value;
    }

    /// <summary>The stream that it opened, as long as it lives. Guarded by the gate of the session.</summary>
    public StreamChannel? Channel { get; set; }

    /// <summary>Whether the connection under its stream was lost too soon to tell whether the peer would have kept it. Guarded by the gate.</summary>
    public bool IsInconclusive { get; set; }

    /// <summary>Whether the peer said that we may not open streams to it: to try again at once is of no use. Guarded by the gate.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Whether the pool has enough streams without it. Guarded by the gate.</summary>
    public bool IsSuperfluous { get; set; }

    public CancellationToken Cancelled => _cancelled.Token;

    public Task CancelAsync() => _cancelled.CancelAsync();

    public void Dispose() => _cancelled.Dispose();
}
