using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>Send side. Everything here is guarded by <see cref="SendGate"/>, which is never held while bytes are copied.</summary>
internal sealed partial class YamuxSession
{
    private WriteOperation? _writeHead;
    private WriteOperation? _writeTail;
    private WriteOperation? _flushHead;
    private TaskCompletionSource? _senderIdle;
    private bool _pumping;
    private bool _pumpAfterReceive;
    private bool _outputClosed;

    public Lock SendGate { get; } = new();

    /// <summary>Gives the sender's role to the owner when there is something to send and nobody has the role.</summary>
    public void RequestPump(bool inline)
    {
        lock (SendGate)
        {
            if (_pumping || !HasOutput)
            {
                return;
            }

            _pumping = true;
        }

        _owner.Pump(inline);
    }

    /// <summary>Gives the sender's role back, unless there is more to send (then false).</summary>
    public bool TryEndPump()
    {
        lock (SendGate)
        {
            if (HasOutput)
            {
                return false;
            }

            _pumping = false;
            _senderIdle?.TrySetResult();
            return true;
        }
    }

    /// <summary>Completes when nobody has the sender's role. Asked for when a connection closes.</summary>
    public Task WhenSenderIdleAsync()
    {
        lock (SendGate)
        {
            if (!_pumping)
            {
                return Task.CompletedTask;
            }

            _senderIdle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _senderIdle.Task;
        }
    }

    /// <summary>
    /// Puts as many frames as fit into one send: control frames first, so that credit never waits behind data,
    /// then one frame of each waiting write in turn. False when there was nothing. Called with the sender's role.
    /// </summary>
    public bool Fill(IBatchWriter writer)
    {
        Span<byte> encoded = stackalloc byte[YamuxConstants.HeaderBytes];
        bool any = false;
        WriteOperation? write = null;
        while (TryNextFrame(ref write, writer.Remaining, any, out YamuxHeader header))
        {
            header.Write(encoded);
            writer.Write(encoded);
            write?.CopyTo(writer, (int)header.Length);
            any = true;
        }

        return any;
    }

    /// <summary>What was filled has been handed to the network. Called with the sender's role.</summary>
    public void Flushed()
    {
        while (_flushHead is { } write)
        {
            _flushHead = write.Next;
            write.Next = null;
            if (write.Finishes)
            {
                write.Stream.HalfClosed();
            }

            lock (SendGate)
            {
                if (write.Phase == WritePhase.Flushing)
                {
                    write.Complete(StreamEnd.None);
                }
            }
        }
    }

    /// <summary>Nothing more can be sent: what waits is forgotten. The streams are ended by <see cref="End"/>.</summary>
    public void CloseOutput()
    {
        lock (SendGate)
        {
            _outputClosed = true;
        }
    }

    public void EnqueueOrPark(WriteOperation write)
    {
        if (write.Remaining > 0 && write.Stream.SendWindow == 0)
        {
            write.MoveTo(WritePhase.Parked);
            return;
        }

        write.MoveTo(WritePhase.Queued);
        write.Next = null;
        if (_writeTail is null)
        {
            _writeHead = write;
        }
        else
        {
            _writeTail.Next = write;
        }

        _writeTail = write;
    }

    public void AbortWrite(YamuxStream stream, StreamEnd reason)
    {
        lock (SendGate)
        {
            switch (stream.Write.Phase)
            {
                case WritePhase.Filling:
                    stream.Write.Abort = reason;
                    break;
                case WritePhase.Queued or WritePhase.Parked or WritePhase.Flushing:
                    // It may stay linked in its list, where its phase tells that it is done.
                    stream.Write.Complete(reason);
                    break;
                default:
                    break;
            }
        }
    }

    public bool IsWriting(YamuxStream stream)
    {
        lock (SendGate)
        {
            return stream.Write.Phase is not (WritePhase.Idle or WritePhase.Done);
        }
    }

    public void RecycleWrite(YamuxStream stream)
    {
        lock (SendGate)
        {
            stream.Write.Recycle();
        }
    }

    private bool HasOutput => !_outputClosed && (HasControl || _writeHead is not null);

    private bool AddSendWindow(YamuxStream stream, uint credit)
    {
        lock (SendGate)
        {
            stream.SendWindow += credit;
            if (stream.SendWindow > uint.MaxValue)
            {
                return false;
            }

            if (stream.Write.Phase == WritePhase.Parked)
            {
                EnqueueOrPark(stream.Write);
                _pumpAfterReceive = true;
            }

            return true;
        }
    }

    /// <summary>
    /// Control frames are sent by the receive loop itself. Writes that got credit go to the pool: the loop must
    /// go on receiving while they are encrypted.
    /// </summary>
    private void RequestPumpAfterReceive()
    {
        bool inline = !_pumpAfterReceive;
        _pumpAfterReceive = false;
        RequestPump(inline);
    }

    private bool TryNextFrame(ref WriteOperation? write, int room, bool notFirst, out YamuxHeader header)
    {
        lock (SendGate)
        {
            if (write is not null)
            {
                Settle(write);
                write = null;
            }

            header = default;
            if (room < YamuxConstants.HeaderBytes || _outputClosed)
            {
                return false;
            }

            return TryNextControl(out header) || TryNextData(ref write, room, notFirst, out header);
        }
    }

    private bool TryNextData(ref WriteOperation? write, int room, bool notFirst, out YamuxHeader header)
    {
        header = default;
        while (_writeHead is { } next)
        {
            if (next.Phase == WritePhase.Queued)
            {
                int wanted = (int)Math.Min(Math.Min(next.Remaining, next.Stream.SendWindow), Options.MaxSendFrameBytes);
                if (wanted > room - YamuxConstants.HeaderBytes)
                {
                    if (notFirst)
                    {
                        // It goes whole into the next send, rather than in two frames.
                        return false;
                    }

                    wanted = room - YamuxConstants.HeaderBytes;
                }

                Dequeue(next);
                next.MoveTo(WritePhase.Filling);
                next.Stream.SendWindow -= wanted;
                YamuxFlags flags = TakeOpeningFlag(next.Stream);
                if (next.Finishes && wanted == next.Remaining)
                {
                    flags |= YamuxFlags.Fin;
                }

                header = new YamuxHeader(YamuxFrameType.Data, flags, next.Stream.Id, (uint)wanted);
                write = next;
                return true;
            }

            Dequeue(next);
        }

        return false;
    }

    private void Dequeue(WriteOperation write)
    {
        _writeHead = write.Next;
        write.Next = null;
        if (_writeHead is null)
        {
            _writeTail = null;
        }
    }

    /// <summary>A frame of this write was copied: it is through, or waits for its next turn or for credit.</summary>
    private void Settle(WriteOperation write)
    {
        if (write.Abort != StreamEnd.None)
        {
            write.Complete(write.Abort);
        }
        else if (write.Remaining > 0)
        {
            EnqueueOrPark(write);
        }
        else
        {
            write.MoveTo(WritePhase.Flushing);
            write.Next = _flushHead;
            _flushHead = write;
        }
    }

    private static YamuxFlags TakeOpeningFlag(YamuxStream stream)
    {
        if (!stream.OpeningFlagPending)
        {
            return YamuxFlags.None;
        }

        stream.OpeningFlagPending = false;
        return stream.IsInbound ? YamuxFlags.Ack : YamuxFlags.Syn;
    }
}
