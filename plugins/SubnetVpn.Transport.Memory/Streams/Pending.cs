using System.Threading.Tasks.Sources;

namespace SubnetVpn.Transport.Memory.Streams;

/// <summary>One wait at a time, used again and again. The owner's lock guards all but the awaiting.</summary>
internal sealed class Pending<T> : IValueTaskSource<T>
{
    // Continuations run on the thread pool: completions happen under locks, and on the other end's thread.
    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;

    public bool IsActive { get; private set; }

    public ValueTask<T> Begin(Action<object?, CancellationToken> cancel, object owner, CancellationToken cancellationToken)
    {
        _core.Reset();
        IsActive = true;
        _token = cancellationToken;
        // May call back at once, on this thread, which holds the lock already.
        var registration = cancellationToken.UnsafeRegister(cancel, owner);
        if (IsActive)
            _registration = registration;
        return new ValueTask<T>(this, _core.Version);
    }

    /// <summary>Whether a cancellation is meant for the wait that is on; an earlier one may have come too late.</summary>
    public bool IsCancelledBy(CancellationToken cancellationToken) => IsActive && _token == cancellationToken;

    public void Complete(T result)
    {
        End();
        _core.SetResult(result);
    }

    public void Fail(Exception exception)
    {
        End();
        _core.SetException(exception);
    }

    T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void End()
    {
        IsActive = false;
        // Not Dispose: that would wait for a callback that may be waiting for our lock.
        _registration.Unregister();
        _registration = default;
    }
}
