using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Memory.Streams;

internal sealed partial class MemoryPipe
{
    private readonly Pending<StreamEnd> _write = new();
    private ReadOnlyMemory<PacketBuffer> _batch;
    private int _batchIndex;
    private int _bufferOffset;
    private bool _finishSent;
    private StreamEnd _writerEnd;

    /// <summary>Whether the writer closed its side in good order.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_gate)
                return _finishSent && _writerEnd == StreamEnd.None;
        }
    }

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_write.IsActive)
                throw new InvalidOperationException("Another write is going on.");
            if (_writerEnd != StreamEnd.None)
                return ValueTask.FromResult(_writerEnd);
            if (_finishSent)
                throw new InvalidOperationException("Writing was closed.");
            if (!cancellationToken.IsCancellationRequested)
            {
                (_batch, _batchIndex, _bufferOffset) = (batch, 0, 0);
                if (CopyBatch())
                    return ValueTask.FromResult(StreamEnd.None);
                return _write.Begin(static (state, token) => ((MemoryPipe)state!).CancelWrite(token), this, cancellationToken);
            }
        }
        Writer.End(StreamEnd.Cancelled, tellPeer: true);
        return ValueTask.FromResult(StreamEnd.Cancelled);
    }

    public void Finish()
    {
        lock (_gate)
        {
            if (_writerEnd != StreamEnd.None || _finishSent)
                return;
            if (_write.IsActive)
                throw new InvalidOperationException("A write is going on.");
            _finishSent = true;
        }
        Send(ArrivalKind.Finish);
    }

    /// <summary>Ends writing. The first reason wins.</summary>
    public void EndWriter(StreamEnd reason)
    {
        lock (_gate)
        {
            if (_writerEnd != StreamEnd.None)
                return;
            _writerEnd = reason;
            _batch = default;
            if (_write.IsActive)
                _write.Complete(reason);
        }
    }

    /// <summary>Ends writing because nobody reads; does nothing when all was written already.</summary>
    public void EndUnfinishedWriter(StreamEnd reason)
    {
        if (!IsFinished)
            EndWriter(reason);
    }

    private void PumpWriter()
    {
        if (_write.IsActive && CopyBatch())
            _write.Complete(StreamEnd.None);
    }

    // True when the whole batch is in the ring.
    private bool CopyBatch()
    {
        var (copied, limit) = (0, _ring.Room);
        var buffers = _batch.Span;
        while (_batchIndex < buffers.Length)
        {
            var rest = buffers[_batchIndex].Span[_bufferOffset..];
            var part = _readerEnd == StreamEnd.None ? rest[..Math.Min(rest.Length, limit - copied)] : rest;
            if (_readerEnd == StreamEnd.None)
                _ring.Append(part);
            copied += part.Length;
            _bufferOffset += part.Length;
            if (part.Length < rest.Length)
                break;
            (_batchIndex, _bufferOffset) = (_batchIndex + 1, 0);
        }
        var done = _batchIndex == buffers.Length;
        if (done)
            _batch = default;
        if (copied > 0)
            SendBytes(copied);
        return done;
    }

    private void SendBytes(int bytes)
    {
        Writer.CountSent(bytes);
        // Bytes that arrive at once end nothing.
        var (stopReading, reset) = (false, false);
        SendLocked(ArrivalKind.Data, bytes, ref stopReading, ref reset);
    }

    private void CancelWrite(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_write.IsCancelledBy(cancellationToken))
                return;
            _writerEnd = StreamEnd.Cancelled;
            _batch = default;
            _write.Complete(StreamEnd.Cancelled);
        }
        // The token may have been cancelled while the wait began, under our lock, which no other pipe may be called with.
        if (_gate.IsHeldByCurrentThread)
            ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.End(StreamEnd.Cancelled, tellPeer: true), Writer, preferLocal: true);
        else
            Writer.End(StreamEnd.Cancelled, tellPeer: true);
    }
}
