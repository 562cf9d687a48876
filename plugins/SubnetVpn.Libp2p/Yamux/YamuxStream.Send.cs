using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>Send half. Every field is guarded by the session's send lock.</summary>
internal sealed partial class YamuxStream
{
    private bool _finishRequested;

    /// <summary>FIN was sent or is about to be.</summary>
    public bool IsFinishing => Volatile.Read(ref _finishRequested);

    public WriteOperation Write { get; }

    /// <summary>What we may still send.</summary>
    public long SendWindow { get; set; } = YamuxConstants.InitialWindowBytes;

    /// <summary>The next frame carries SYN (outbound) or ACK (inbound).</summary>
    public bool OpeningFlagPending { get; set; } = true;

    /// <summary>Control frames that wait: credit to give, and a reset with its code.</summary>
    public uint PendingCredit { get; set; }

    public bool ResetPending { get; set; }

    public uint ResetCode { get; set; }

    public bool InControlQueue { get; set; }

    public YamuxStream? NextControl { get; set; }

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<ReadOnlyMemory<byte>> segments, CancellationToken cancellationToken) =>
        StartWrite(segments, default, finishes: false, cancellationToken);

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        StartWrite(default, bytes, finishes: false, cancellationToken);

    /// <summary>Sends FIN behind what was written. Reading goes on.</summary>
    public ValueTask<StreamEnd> CloseWriteAsync(CancellationToken cancellationToken) =>
        StartWrite(default, default, finishes: true, cancellationToken);

    public void CancelWrite()
    {
        // Only a write that is under way can be cancelled; part of it may be sent, so the stream cannot go on.
        if (_session.IsWriting(this))
        {
            Abort(StreamEnd.Cancelled, (uint)YamuxGoAwayCode.Normal);
        }
    }

    public void RecycleWrite() => _session.RecycleWrite(this);

    private ValueTask<StreamEnd> StartWrite(
        ReadOnlyMemory<ReadOnlyMemory<byte>> segments, ReadOnlyMemory<byte> single, bool finishes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new ValueTask<StreamEnd>(StreamEnd.Cancelled);
        }

        WriteOperation write = Write;
        lock (_session.SendGate)
        {
            if (write.Phase != WritePhase.Idle)
            {
                throw new InvalidOperationException("A stream takes one write at a time.");
            }

            if (_finishRequested)
            {
                return finishes
                    ? new ValueTask<StreamEnd>(End is StreamEnd.Completed ? StreamEnd.None : End)
                    : throw new InvalidOperationException("The stream was closed for writing.");
            }

            StreamEnd end = End;
            if (end != StreamEnd.None)
            {
                return new ValueTask<StreamEnd>(end);
            }

            _finishRequested = finishes;
            if (segments.IsEmpty)
            {
                write.Start(single, finishes);
            }
            else
            {
                write.Start(segments, finishes);
            }

            _session.EnqueueOrPark(write);
        }

        _session.RequestPump(inline: true);
        ValueTask<StreamEnd> pending;
        lock (_session.SendGate)
        {
            if (write.Phase == WritePhase.Done)
            {
                write.Recycle();
                return new ValueTask<StreamEnd>(write.Result);
            }

            pending = write.Await();
        }

        if (cancellationToken.CanBeCanceled)
        {
            write.Register(cancellationToken);
        }

        return pending;
    }
}
