namespace SubnetVpn.Core.Streams;

/// <summary>One run of the resilience policy to open a stream: can be cut short, and tells whether it is dialling or only waiting.</summary>
internal sealed class OpenAttempt : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private volatile bool _isDialling;

    /// <summary>Whether the transport is at work; false during the pauses between its attempts.</summary>
    public bool IsDialling
    {
        get => _isDialling;
        set => _isDialling = value;
    }

    public CancellationToken Cancelled => _cancelled.Token;

    public Task CancelAsync() => _cancelled.CancelAsync();

    public void Dispose() => _cancelled.Dispose();
}
