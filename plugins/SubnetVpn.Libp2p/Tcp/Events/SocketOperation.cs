using System.Threading.Tasks.Sources;

namespace SubnetVpn.Libp2p.Tcp.Events;

/// <summary>
/// One direction of a socket that does not block: an attempt, and when the kernel says "again", a wait for its event and
/// another attempt. One operation at a time; allocates nothing.
/// <code>
/// Idle ─attempt says "again"─▶ Waiting ─event─▶ Idle, attempt
///   └─event while nobody waits─▶ Ready: an attempt since the last "again" may succeed
/// any ─Close─▶ Closed
/// </code>
/// </summary>
internal abstract class SocketOperation(EventLoop loop) : IValueTaskSource<int>, IThreadPoolWorkItem
{
    /// <summary>What an attempt returns when the kernel says "again".</summary>
    protected const int Again = -1;

    private const int Idle = 0;
    private const int Ready = 1;
    private const int Waiting = 2;
    private const int Closed = 3;

    private ManualResetValueTaskSourceCore<int> _core;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private int _state;

    protected EventLoop Loop => loop;

    /// <summary>Whether what follows a wait runs on the loop's thread; else on the thread pool.</summary>
    public bool RunsOnLoop { get; set; }

    /// <summary>The kernel says that an attempt may succeed. On the loop's thread.</summary>
    public void BecameReady()
    {
        while (true)
        {
            int state = Volatile.Read(ref _state);
            if (state is Closed or Ready)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _state, state == Waiting ? Idle : Ready, state) != state)
            {
                continue;
            }

            if (state == Waiting)
            {
                GoOn();
            }

            return;
        }
    }

    /// <summary>Ends the operation under way, and all later ones.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _state, Closed) == Waiting)
        {
            // Elsewhere: what follows must not run inside the caller.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => Continue();

    int IValueTaskSource<int>.GetResult(short token)
    {
        // Waits for a callback that runs right now, so that it cannot hit the next operation.
        _registration.Dispose();
        _registration = default;
        return _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Tries once. Returns the result or <see cref="Again"/>; failures are exceptions.</summary>
    protected abstract int Attempt();

    /// <summary>Runs the operation, which the caller has prepared.</summary>
    /// <param name="isDeferred">Whether others are to have their turn before the first attempt. On the loop's thread only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected ValueTask<int> Start(bool isDeferred, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        if (!isDeferred)
        {
            try
            {
                int result = TryOnce();
                if (result != Again)
                {
                    return ValueTask.FromResult(result);
                }
            }
            catch (Exception exception)
            {
                return ValueTask.FromException<int>(exception);
            }
        }

        _core.Reset();
        _cancellation = cancellationToken;
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static state => ((SocketOperation)state!).Cancel(), this);
        }

        var pending = new ValueTask<int>(this, _core.Version);
        if (isDeferred)
        {
            Interlocked.CompareExchange(ref _state, Idle, Ready);
            loop.Defer(this);
        }

        Wait();
        return pending;
    }

    private void GoOn()
    {
        if (RunsOnLoop)
        {
            Continue();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private int TryOnce()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _state) == Closed, this);
        Interlocked.CompareExchange(ref _state, Idle, Ready);
        return Attempt();
    }

    /// <summary>Attempts again, and waits again when that is what the kernel says.</summary>
    private void Continue()
    {
        int result;
        try
        {
            _cancellation.ThrowIfCancellationRequested();
            result = TryOnce();
        }
        catch (Exception exception)
        {
            _core.SetException(exception);
            return;
        }

        if (result == Again)
        {
            Wait();
        }
        else
        {
            _core.SetResult(result);
        }
    }

    /// <summary>Leaves the operation to the next event; if there was one since the attempt, goes on with it at once.</summary>
    private void Wait()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) != Idle)
        {
            // Never here: the caller of the operation has not got its task yet.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else if (_cancellation.IsCancellationRequested)
        {
            // The callback may have come too early to find anybody waiting.
            Cancel();
        }
    }

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
