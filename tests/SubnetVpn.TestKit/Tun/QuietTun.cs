using System.Threading.Tasks.Sources;
using SubnetVpn.Tun;

namespace SubnetVpn.TestKit.Tun;

/// <summary>
/// A TUN device that allocates nothing once it is made, and the factory of it: its host sends what it is asked for, and counts
/// what comes. For measuring what is around it.
/// </summary>
/// <param name="capabilities">What it takes.</param>
public sealed class QuietTun(TunCapabilities capabilities = TunCapabilities.None) : ITunDevice, ITunDeviceFactory, IValueTaskSource<int>
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<int> _read = new() { RunContinuationsAsynchronously = true };
    private ReadOnlyMemory<PacketBuffer> _batch;
    private CancellationTokenRegistration _cancellation;
    private Action<PacketBuffer>? _write;
    private Action<PacketBuffer>? _writeSame;
    private byte[] _packet = [];
    private PacketOffload _offload;
    private int _toRead;
    private bool _isReading;
    private long _sent;
    private long _received;

    /// <inheritdoc/>
    public bool IsSupported => true;

    /// <inheritdoc/>
    public string Name => "quiet0";

    /// <inheritdoc/>
    public int Mtu { get; private set; }

    /// <inheritdoc/>
    public TunCapabilities Capabilities => capabilities;

    /// <summary>Packets that the node has read from it.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Packets that the node has written to it.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <inheritdoc/>
    public ValueTask<ITunDevice> CreateAsync(TunSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Mtu = settings.Mtu;
        return new(this);
    }

    /// <summary>Lets the host send one packet again and again.</summary>
    /// <param name="packet">The packet, which must stay as it is until it was read.</param>
    /// <param name="offload">What is left to do for it.</param>
    /// <param name="count">How often it is sent.</param>
    public void Send(byte[] packet, PacketOffload offload, int count)
    {
        lock (_gate)
        {
            (_packet, _offload) = (packet, offload);
            Send(count, _writeSame ??= WriteSame);
        }
    }

    /// <summary>Lets the host send.</summary>
    /// <param name="count">How many packets.</param>
    /// <param name="write">Puts the next one into a buffer; for those that were not read yet too.</param>
    public void Send(int count, Action<PacketBuffer> write)
    {
        lock (_gate)
        {
            _write = write;
            _toRead += count;
            if (_isReading)
                EndRead(Take(_batch));
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_toRead > 0)
                return new(Take(batch));
            _batch = batch;
            _isReading = true;
            _read.Reset();
            _cancellation = cancellationToken.UnsafeRegister(static (state, _) => ((QuietTun)state!).Cancel(), this);
            return new(this, _read.Version);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _received, batch.Length);
        return new(batch.Length);
    }

    /// <inheritdoc/>
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

    private void WriteSame(PacketBuffer buffer)
    {
        buffer.Set(_packet);
        buffer.Offload = _offload;
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
