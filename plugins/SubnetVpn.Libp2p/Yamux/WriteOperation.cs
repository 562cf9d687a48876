using System.Threading.Tasks.Sources;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>
/// The one write a stream has under way, reused for all of them. All fields are guarded by the session's send
/// lock, except that the sender alone advances the position while the phase is Filling.
/// </summary>
internal sealed class WriteOperation(YamuxStream stream) : IValueTaskSource<StreamEnd>, IThreadPoolWorkItem
{
    private readonly ReadOnlyMemory<byte>[] _single = new ReadOnlyMemory<byte>[1];
    private ManualResetValueTaskSourceCore<StreamEnd> _core;
    private CancellationTokenRegistration _registration;
    private ReadOnlyMemory<ReadOnlyMemory<byte>> _segments;
    private int _segment;
    private int _offset;

    public YamuxStream Stream => stream;

    public WritePhase Phase { get; private set; }

    /// <summary>Bytes of the caller that are in no frame yet.</summary>
    public long Remaining { get; private set; }

    /// <summary>The last frame carries FIN.</summary>
    public bool Finishes { get; private set; }

    /// <summary>Set when the stream ended or the caller cancelled while the sender was copying.</summary>
    public StreamEnd Abort { get; set; }

    /// <summary>The caller awaits; otherwise it is still inside the call and takes <see cref="Result"/> itself.</summary>
    public bool Awaited { get; set; }

    public StreamEnd Result { get; private set; }

    /// <summary>In the session's queue of writes, or in its list of writes that the next flush completes.</summary>
    public WriteOperation? Next { get; set; }

    public void Start(ReadOnlyMemory<byte> single, bool finishes)
    {
        _single[0] = single;
        Start(_single, finishes);
    }

    public void Start(ReadOnlyMemory<ReadOnlyMemory<byte>> segments, bool finishes)
    {
        _segments = segments;
        _segment = 0;
        _offset = 0;
        Remaining = 0;
        foreach (ReadOnlyMemory<byte> segment in segments.Span)
        {
            Remaining += segment.Length;
        }

        Finishes = finishes;
        Abort = StreamEnd.None;
        Awaited = false;
    }

    public void MoveTo(WritePhase phase) => Phase = phase;

    /// <summary>Copies the next <paramref name="count"/> bytes of the caller. Called by the sender, outside the lock.</summary>
    public void CopyTo(IBatchWriter writer, int count)
    {
        Remaining -= count;
        ReadOnlySpan<ReadOnlyMemory<byte>> segments = _segments.Span;
        while (count > 0)
        {
            ReadOnlySpan<byte> source = segments[_segment].Span[_offset..];
            int piece = Math.Min(count, source.Length);
            writer.Write(source[..piece]);
            count -= piece;
            _offset += piece;
            if (_offset == segments[_segment].Length)
            {
                _segment++;
                _offset = 0;
            }
        }
    }

    public void Complete(StreamEnd result)
    {
        Result = result;
        Phase = WritePhase.Done;
        _segments = default;
        _single[0] = default;
        if (Awaited && !WriteBatch.TryAdd(this))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>The caller took the result itself; the operation may be used again.</summary>
    public void Recycle() => Phase = WritePhase.Idle;

    public ValueTask<StreamEnd> Await()
    {
        _core.Reset();
        Awaited = true;
        return new ValueTask<StreamEnd>(this, _core.Version);
    }

    public void Register(CancellationToken cancellationToken) =>
        _registration = cancellationToken.UnsafeRegister(static state => ((WriteOperation)state!).Stream.CancelWrite(), this);

    /// <summary>Lets the caller, who awaits it, go on: on this thread.</summary>
    public void Resume() => _core.SetResult(Result);

    void IThreadPoolWorkItem.Execute() => Resume();

    StreamEnd IValueTaskSource<StreamEnd>.GetResult(short token)
    {
        StreamEnd result = _core.GetResult(token);

        // Waits for a callback that runs right now, so that it cannot hit the next write.
        _registration.Dispose();
        _registration = default;
        stream.RecycleWrite();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<StreamEnd>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<StreamEnd>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
