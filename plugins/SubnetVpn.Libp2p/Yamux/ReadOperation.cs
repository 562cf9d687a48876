using System.Threading.Tasks.Sources;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>
/// The one read a stream may wait for, reused for all of them. Guarded by the stream's receive lock until it
/// is signalled; then it belongs to whoever awaits it.
/// </summary>
internal sealed class ReadOperation(YamuxStream stream) : IValueTaskSource<StreamRead>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<StreamRead> _core;
    private CancellationTokenRegistration _registration;
    private Memory<byte> _destination;
    private StreamRead _result;

    /// <summary>A caller waits and has not been signalled yet.</summary>
    public bool Pending { get; private set; }

    /// <summary>Bytes already in the caller's memory; the signal follows when the batch ends or the memory is full.</summary>
    public int Filled { get; private set; }

    public bool IsFull => Filled == _destination.Length;

    public ValueTask<StreamRead> Start(Memory<byte> destination)
    {
        _core.Reset();
        _destination = destination;
        Filled = 0;
        Pending = true;
        return new ValueTask<StreamRead>(this, _core.Version);
    }

    public int Fill(ReadOnlySpan<byte> source)
    {
        int count = Math.Min(source.Length, _destination.Length - Filled);
        source[..count].CopyTo(_destination.Span[Filled..]);
        Filled += count;
        return count;
    }

    /// <summary>Takes the caller off the stream. <see cref="Signal"/> follows, outside the lock.</summary>
    public void Finish(StreamEnd end)
    {
        Pending = false;
        _destination = default;
        _result = new StreamRead(Filled, end);
    }

    public void Signal(bool inline)
    {
        if (inline)
        {
            _core.SetResult(_result);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Register(CancellationToken cancellationToken) =>
        _registration = cancellationToken.UnsafeRegister(static state => ((ReadOperation)state!).Cancel(), this);

    private void Cancel() => stream.CancelRead();

    void IThreadPoolWorkItem.Execute() => _core.SetResult(_result);

    StreamRead IValueTaskSource<StreamRead>.GetResult(short token)
    {
        StreamRead result = _core.GetResult(token);

        // Waits for a callback that runs right now, so that it cannot hit the next read.
        _registration.Dispose();
        _registration = default;
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<StreamRead>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<StreamRead>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
