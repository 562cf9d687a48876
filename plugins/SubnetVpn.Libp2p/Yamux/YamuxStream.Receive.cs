using SubnetVpn.Libp2p.Buffers;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>
/// Receive half. The peer's credit, what waits here, and what was read but not yet given back always add up
/// to the window:
/// <code>window = credit + waiting + unreturned</code>
/// When unreturned reaches half the window it is given back, and the window doubles when that took less than
/// four round trips (the reader keeps up, so the window is what limits the sender).
/// </summary>
internal sealed partial class YamuxStream
{
    private readonly Lock _receiveGate = new();
    private readonly ReadOperation _read;
    private ReceiveQueue _received;
    private uint _window = YamuxConstants.InitialWindowBytes;
    private uint _credit = YamuxConstants.InitialWindowBytes;
    private uint _unreturned;
    private long _lastReturn;
    private bool _finReceived;
    private StreamEnd _receiveAbort;

    /// <summary>In the session's list of streams whose reader is to be woken when the batch ends. Receive loop only.</summary>
    public bool AwaitsWake { get; set; }

    public YamuxStream? NextWake { get; set; }

    /// <summary>The window as it is now, in bytes.</summary>
    public uint ReceiveWindow => Volatile.Read(ref _window);

    /// <summary>What the peer may still send, in bytes.</summary>
    public uint ReceiveCredit => Volatile.Read(ref _credit);

    /// <summary>A read would complete at once with data.</summary>
    public bool IsDataAvailable
    {
        get
        {
            lock (_receiveGate)
            {
                return _received.Length > 0;
            }
        }
    }

    public ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new ValueTask<StreamRead>(new StreamRead(0, StreamEnd.Cancelled));
        }

        uint credit;
        int count;
        lock (_receiveGate)
        {
            if (_read.Pending)
            {
                throw new InvalidOperationException("A stream takes one read at a time.");
            }

            if (_received.Length == 0)
            {
                StreamEnd end = _finReceived ? StreamEnd.Completed : _receiveAbort;
                return end != StreamEnd.None
                    ? new ValueTask<StreamRead>(new StreamRead(0, end))
                    : Wait(destination, cancellationToken);
            }

            count = _received.Read(destination.Span);
            credit = Consume(count);
        }

        if (credit > 0)
        {
            _session.QueueCredit(this, credit);
            _session.RequestPump(inline: true);
        }

        return new ValueTask<StreamRead>(new StreamRead(count, StreamEnd.None));
    }

    /// <summary>A Data header arrived: may the peer send that much?</summary>
    public YamuxFault BeginData(uint length)
    {
        lock (_receiveGate)
        {
            if (length == 0)
            {
                return YamuxFault.None;
            }

            if (_finReceived)
            {
                return YamuxFault.DataAfterFin;
            }

            if (length > _credit)
            {
                return YamuxFault.OverWindow;
            }

            _credit -= length;
            return YamuxFault.None;
        }
    }

    /// <summary>
    /// Part of a body. Goes to the waiting reader, and what it has no room for into the queue. A reader that runs here and now asks
    /// for more before it returns: then the rest goes straight to where it wants it too.
    /// </summary>
    public void Deliver(ReadOnlySpan<byte> bytes)
    {
        bool runsReaders = _session.RunsReaders;
        while (!bytes.IsEmpty)
        {
            bool full = false;
            bool wake;
            bool stored = true;
            uint credit = 0;
            lock (_receiveGate)
            {
                if (_receiveAbort != StreamEnd.None)
                {
                    return;
                }

                if (_read.Pending && _received.Length == 0)
                {
                    int count = _read.Fill(bytes);
                    credit = Consume(count);
                    bytes = bytes[count..];
                    full = _read.IsFull;
                    if (full)
                    {
                        _read.Finish(StreamEnd.None);
                    }
                }

                wake = _read.Pending;
                if (!bytes.IsEmpty && !(full && runsReaders))
                {
                    stored = _received.TryAppend(bytes);
                    bytes = [];
                }
            }

            if (full)
            {
                _read.Signal(runsReaders);
            }
            else if (wake)
            {
                _session.WakeAtEndOfBatch(this);
            }

            if (credit > 0)
            {
                _session.QueueCredit(this, credit);
            }

            if (!stored)
            {
                _session.NoteReceiveMemoryExhausted();
                Abort(StreamEnd.ReceiveMemoryExhausted, (uint)YamuxGoAwayCode.InternalError);
            }
        }
    }

    /// <summary>The batch is over: a reader that got something, or only waits for something to be there, goes on.</summary>
    public void Wake()
    {
        lock (_receiveGate)
        {
            if (!_read.Pending || (_read.Filled == 0 && _received.Length == 0))
            {
                return;
            }

            _read.Finish(StreamEnd.None);
        }

        _read.Signal(_session.RunsReaders);
    }

    /// <summary>The peer finished writing.</summary>
    public void OnFin()
    {
        lock (_receiveGate)
        {
            if (_finReceived || _receiveAbort != StreamEnd.None)
            {
                return;
            }

            _finReceived = true;
        }

        FinishPendingRead(StreamEnd.Completed);
        HalfClosed();
    }

    /// <summary>The stream left the table: its window is no longer owed. Returns the credit the peer may still be using.</summary>
    public uint ReleaseWindow()
    {
        lock (_receiveGate)
        {
            _session.ReturnGrowth(_window - YamuxConstants.InitialWindowBytes);
            _window = YamuxConstants.InitialWindowBytes;
            uint credit = _finReceived ? 0 : _credit;
            _credit = 0;
            return credit;
        }
    }

    public void CancelRead() => FinishPendingRead(StreamEnd.Cancelled);

    private ValueTask<StreamRead> Wait(Memory<byte> destination, CancellationToken cancellationToken)
    {
        ValueTask<StreamRead> pending = _read.Start(destination);
        if (cancellationToken.CanBeCanceled)
        {
            // The lock is recursive: a token that fires right here cancels the read that was just started.
            _read.Register(cancellationToken);
        }

        return pending;
    }

    private void AbortReceive(StreamEnd reason, bool discard)
    {
        lock (_receiveGate)
        {
            _receiveAbort = reason;
            if (discard)
            {
                _received.Clear();
            }
        }

        FinishPendingRead(reason);
    }

    private void FinishPendingRead(StreamEnd end)
    {
        lock (_receiveGate)
        {
            if (!_read.Pending)
            {
                return;
            }

            // Bytes that are already in the caller's memory go first; the reason comes with the next read.
            _read.Finish(_read.Filled > 0 ? StreamEnd.None : end);
        }

        _read.Signal(inline: false);
    }

    /// <summary>Counts what was read. Returns the credit to give back now, 0 for none. Under the receive lock.</summary>
    private uint Consume(int count)
    {
        _unreturned += (uint)count;
        if (_unreturned < _window / 2 || _finReceived || _receiveAbort != StreamEnd.None)
        {
            return 0;
        }

        long now = _session.Time.GetTimestamp();
        uint growth = _session.IsFasterThanTuning(_lastReturn, now)
            ? _session.TakeGrowth(Math.Min(_window, _session.Options.MaxWindowBytes - Math.Min(_window, _session.Options.MaxWindowBytes)))
            : 0;
        _lastReturn = now;
        _window += growth;
        uint credit = _unreturned + growth;
        _unreturned = 0;
        _credit += credit;
        return credit;
    }
}
