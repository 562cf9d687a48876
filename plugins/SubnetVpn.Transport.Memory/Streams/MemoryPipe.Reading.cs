using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Memory.Streams;

internal sealed partial class MemoryPipe
{
    private readonly Pending<StreamRead> _read = new();
    private Memory<byte> _destination;
    private int _readable;
    private bool _finishArrived;
    private StreamEnd _readerEnd;

    public ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (destination.IsEmpty)
            throw new ArgumentException("There is no room to read into.", nameof(destination));
        lock (_gate)
        {
            if (_read.IsActive)
                throw new InvalidOperationException("Another read is going on.");
            if (cancellationToken.IsCancellationRequested)
                return ValueTask.FromCanceled<StreamRead>(cancellationToken);
            var hasRead = TryRead(destination.Span, out var result);
            if (!hasRead)
            {
                // A write that satisfied the last read began to wait afterwards, for room that there was by then.
                PumpWriter();
                hasRead = TryRead(destination.Span, out result);
            }
            if (hasRead)
            {
                PumpWriter();
                return ValueTask.FromResult(result);
            }
            _destination = destination;
            return _read.Begin(static (state, token) => ((MemoryPipe)state!).CancelRead(token), this, cancellationToken);
        }
    }

    /// <summary>Ends reading; what is unread is lost. The first reason wins.</summary>
    public void EndReader(StreamEnd reason)
    {
        lock (_gate)
        {
            if (_readerEnd != StreamEnd.None)
                return;
            _readerEnd = reason;
            _readable = 0;
            _ring.Release();
            // Who still writes finds room for ever, until the news arrives.
            PumpWriter();
            SatisfyRead();
        }
    }

    private void BytesArrived(int bytes)
    {
        Reader.CountReceived(bytes);
        if (_readerEnd == StreamEnd.None)
            _readable += bytes;
    }

    private void SatisfyRead()
    {
        if (!_read.IsActive || !TryRead(_destination.Span, out var result))
            return;
        _destination = default;
        _read.Complete(result);
        // Last, for what it copies may be read at once.
        PumpWriter();
    }

    private bool TryRead(Span<byte> destination, out StreamRead result)
    {
        if (_readable > 0)
        {
            var count = Math.Min(_readable, destination.Length);
            if (_link.SplitReads)
                count = _random.Next(1, count + 1);
            _ring.Take(destination[..count]);
            _readable -= count;
            result = new StreamRead(count, StreamEnd.None);
            return true;
        }
        if (_finishArrived && _readerEnd == StreamEnd.None)
        {
            _readerEnd = StreamEnd.Completed;
            _ring.Release();
        }
        result = new StreamRead(0, _readerEnd);
        return _readerEnd != StreamEnd.None;
    }

    private void CancelRead(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_read.IsCancelledBy(cancellationToken))
                return;
            _destination = default;
            _read.Fail(new OperationCanceledException(cancellationToken));
        }
    }
}
