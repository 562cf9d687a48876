using System.Threading.Tasks.Sources;
using SubnetVpn.Tun;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>
/// A TUN device without a system call: gives as many packets at once as are asked for, which is what a busy one does, and no more than may
/// be under way.
/// </summary>
internal sealed class TrainTun(CountingTransport transport) : ITunDevice, ITunDeviceFactory, IValueTaskSource<int>
{
    // Far below what one queue holds, so that nothing is dropped, and far above a batch of the writer.
    private const int MaxUnderWay = 1024;

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<int> _read = new() { RunContinuationsAsynchronously = true };
    private ReadOnlyMemory<PacketBuffer> _batch;
    private Action<PacketBuffer>? _write;
    private CancellationTokenRegistration _cancellation;
    private bool _isReading;
    private int _toRead;
    private long _sent;

    public bool IsSupported => true;

    public string Name => "train0";

    public int Mtu { get; private set; }

    public TunCapabilities Capabilities => TunCapabilities.None;

    /// <summary>Packets that were read.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public ValueTask<ITunDevice> CreateAsync(TunSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Mtu = settings.Mtu;
        return new(this);
    }

    /// <summary>Lets the host send.</summary>
    public void Send(int count, Action<PacketBuffer> write)
    {
        lock (_gate)
        {
            (_write, _toRead) = (write, count);
            if (_isReading)
                EndRead(Take(_batch));
        }
    }

    public ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        var spin = default(SpinWait);
        while (_sent - transport.Packets > MaxUnderWay && !cancellationToken.IsCancellationRequested)
            spin.SpinOnce(sleep1Threshold: -1);
        lock (_gate)
        {
            if (_toRead > 0)
                return new(Take(batch));
            _batch = batch;
            _isReading = true;
            _read.Reset();
            _cancellation = cancellationToken.UnsafeRegister(static (state, _) => ((TrainTun)state!).Cancel(), this);
            return new(this, _read.Version);
        }
    }

    public ValueTask<int> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken) => new(batch.Length);

    public ValueTask DisposeAsync()
    {
        Cancel();
        return ValueTask.CompletedTask;
    }

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private int Take(ReadOnlyMemory<PacketBuffer> batch)
    {
        var count = Math.Min(batch.Length, _toRead);
        _toRead -= count;
        foreach (var buffer in batch.Span[..count])
            _write!(buffer);
        Volatile.Write(ref _sent, _sent + count);
        return count;
    }

    private void EndRead(int count)
    {
        _isReading = false;
        _batch = default;
        // Not Dispose: that would wait for a callback that may be waiting for our lock.
        _cancellation.Unregister();
        _read.SetResult(count);
    }

    // Nothing read is how a device says that it is gone; who cancelled knows why.
    private void Cancel()
    {
        lock (_gate)
            if (_isReading)
                EndRead(0);
    }
}
