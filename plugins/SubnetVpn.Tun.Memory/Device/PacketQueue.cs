using System.Threading.Tasks.Sources;

namespace SubnetVpn.Tun.Memory.Device;

/// <summary>
/// A bounded queue of packets with one reader that may wait. When full it takes no more. Packets are copied in and out;
/// slots are made at first use and kept, so that it allocates nothing in the long run. The reader continues on a thread
/// pool thread, never on the writer's: two nodes in one process would else call each other without end.
/// </summary>
internal sealed class PacketQueue(int capacity) : IValueTaskSource<int>, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly PacketSlot[] _slots = new PacketSlot[capacity];
    private int _first;
    private int _count;
    private bool _isClosed;

    private ManualResetValueTaskSourceCore<int> _wait;
    private ReadOnlyMemory<PacketBuffer> _batch;
    private CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;
    private bool _isReading;
    private bool _isArmed;

    /// <summary>Adds a packet.</summary>
    /// <returns>False when the queue is full or closed.</returns>
    public bool TryAdd(ReadOnlySpan<byte> packet, in PacketOffload offload)
    {
        lock (_gate)
        {
            if (_isClosed || _count == _slots.Length)
                return false;
            _slots[(_first + _count++) % _slots.Length].Set(packet, offload);
            WakeReader();
            return true;
        }
    }

    /// <summary>Takes what is there, or waits; 0 when closed.</summary>
    public ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        if (batch.IsEmpty)
            throw new ArgumentException("The batch has no buffers.", nameof(batch));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        lock (_gate)
        {
            if (_isReading)
                throw new InvalidOperationException("Another read is pending: there is one reader.");
            if (_count > 0 || _isClosed)
                return ValueTask.FromResult(Take(batch.Span));
            _wait.Reset();
            _batch = batch;
            _cancellation = cancellationToken;
            _isReading = _isArmed = true;
            _registration = cancellationToken.UnsafeRegister(static state => ((PacketQueue)state!).Cancel(), this);
            return new ValueTask<int>(this, _wait.Version);
        }
    }

    /// <summary>Drops what is queued and ends the wait of the reader. Safe twice.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _count = 0;
            WakeReader();
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    void IThreadPoolWorkItem.Execute()
    {
        // Waits for a callback that runs right now, so that it cannot disturb the next read.
        _registration.Dispose();
        var taken = 0;
        Exception? failure = null;
        lock (_gate)
        {
            try
            {
                taken = Take(_batch.Span);
                if (taken == 0 && !_isClosed)
                    failure = new OperationCanceledException(_cancellation);
            }
            catch (Exception exception)
            {
                // A fault of the batch, such as too small a buffer in it: the caller's, and not a reason to lose the process.
                failure = exception;
            }
            _batch = default;
            _registration = default;
            _isReading = false;
        }
        if (failure is null)
            _wait.SetResult(taken);
        else
            _wait.SetException(failure);
    }

    private void Cancel()
    {
        lock (_gate)
            WakeReader();
    }

    private void WakeReader()
    {
        if (!_isArmed)
            return;
        _isArmed = false;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private int Take(ReadOnlySpan<PacketBuffer> batch)
    {
        var taken = Math.Min(_count, batch.Length);
        for (var i = 0; i < taken; i++)
            _slots[(_first + i) % _slots.Length].CopyTo(batch[i]);
        _first = (_first + taken) % _slots.Length;
        _count -= taken;
        return taken;
    }
}
