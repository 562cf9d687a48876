using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Tcp.Events;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>Receive side: called by the connection's receive loop only.</summary>
internal sealed partial class YamuxSession
{
    /// <summary>What may wait to be sent about streams that are gone already, besides those that are there.</summary>
    private const int MaxControlBacklog = 1024;

    private readonly byte[] _header = new byte[YamuxConstants.HeaderBytes];
    private int _headerFill;
    private uint _bodyRemaining;
    private YamuxStream? _bodyStream;
    private bool _finAfterBody;

    /// <summary>
    /// Data for streams that are gone is dropped. A peer may have as much under way as its credit allowed when the stream
    /// ended: each stream that goes adds that to this budget, and data beyond it is a fault.
    /// </summary>
    private long _unknownBudget = 64 * 1024;

    private YamuxStream? _wakeHead;

    /// <summary>
    /// Little has arrived: its readers run on this thread, which has nothing else to do, instead of waiting for another one to wake
    /// up. (When much arrives, they run beside the decryption of what follows.)
    /// </summary>
    public bool IsQuiet { get; set; }

    /// <summary>Whether readers that get something run on the receive loop's thread.</summary>
    public bool RunsReaders => IsQuiet || Options.InlineReaders || EventLoop.HasFewProcessors;

    /// <summary>Frames dropped because their stream is gone.</summary>
    public long UnknownStreamFrames { get; private set; }

    /// <summary>Streams of the peer that were reset because of a limit.</summary>
    public long RefusedStreams { get; private set; }

    /// <summary>Takes plaintext in any pieces. A fault ends the connection; the rest of the bytes is then not looked at.</summary>
    public YamuxFault Receive(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_bodyRemaining > 0)
            {
                int count = (int)Math.Min(_bodyRemaining, (uint)bytes.Length);
                _bodyStream?.Deliver(bytes[..count]);
                _bodyRemaining -= (uint)count;
                bytes = bytes[count..];
                if (_bodyRemaining == 0)
                {
                    EndBody();
                }

                continue;
            }

            int missing = Math.Min(YamuxConstants.HeaderBytes - _headerFill, bytes.Length);
            bytes[..missing].CopyTo(_header.AsSpan(_headerFill));
            _headerFill += missing;
            bytes = bytes[missing..];
            if (_headerFill < YamuxConstants.HeaderBytes)
            {
                break;
            }

            _headerFill = 0;
            YamuxFault fault = YamuxHeader.TryRead(_header, out YamuxHeader header);
            fault = fault == YamuxFault.None ? OnHeader(header) : fault;
            if (fault != YamuxFault.None)
            {
                return fault;
            }
        }

        return YamuxFault.None;
    }

    /// <summary>All that had arrived has been taken: wakes the readers that got something, sends what became due.</summary>
    public void EndBatch()
    {
        while (_wakeHead is { } stream)
        {
            _wakeHead = stream.NextWake;
            stream.NextWake = null;
            stream.AwaitsWake = false;
            stream.Wake();
        }

        RequestPumpAfterReceive();
    }

    public void WakeAtEndOfBatch(YamuxStream stream)
    {
        if (!stream.AwaitsWake)
        {
            stream.AwaitsWake = true;
            stream.NextWake = _wakeHead;
            _wakeHead = stream;
        }
    }

    public void NoteReceiveMemoryExhausted() => _owner.LimitHit(Libp2pLimit.ReceiveMemory);

    private YamuxFault OnHeader(YamuxHeader header) => header.Type switch
    {
        YamuxFrameType.Ping => OnPing(header),
        YamuxFrameType.GoAway => OnGoAway(header.Length),
        _ => OnStreamFrame(header),
    };

    private YamuxFault OnStreamFrame(YamuxHeader header)
    {
        YamuxFault fault = FindStream(header, out YamuxStream? stream);
        if (fault != YamuxFault.None)
        {
            return fault;
        }

        bool isData = header.Type == YamuxFrameType.Data;
        if (stream is not null && (header.Flags & YamuxFlags.Rst) != 0)
        {
            // The length of a WindowUpdate with RST is an error code, not credit.
            stream.OnReset(isData ? 0 : header.Length);
            stream = null;
        }

        if (!isData)
        {
            return OnCredit(stream, header);
        }

        fault = stream?.BeginData(header.Length) ?? YamuxFault.None;
        if (fault != YamuxFault.None)
        {
            return fault;
        }

        _bodyStream = stream;
        _bodyRemaining = header.Length;
        _finAfterBody = (header.Flags & YamuxFlags.Fin) != 0;
        if (_bodyRemaining == 0)
        {
            EndBody();
        }

        return YamuxFault.None;
    }

    private YamuxFault OnCredit(YamuxStream? stream, YamuxHeader header)
    {
        if (stream is null)
        {
            return YamuxFault.None;
        }

        if (header.Length > 0 && !AddSendWindow(stream, header.Length))
        {
            return YamuxFault.WindowOverflow;
        }

        if ((header.Flags & YamuxFlags.Fin) != 0)
        {
            stream.OnFin();
        }

        return YamuxFault.None;
    }

    /// <summary>Finds the stream of a frame, or opens it. Null with no fault: the frame is to be dropped.</summary>
    private YamuxFault FindStream(YamuxHeader header, out YamuxStream? stream)
    {
        bool opens = (header.Flags & YamuxFlags.Syn) != 0;
        bool opened = false;
        lock (_tableGate)
        {
            if (_streams.TryGetValue(header.StreamId, out stream))
            {
                if (opens)
                {
                    return YamuxFault.DuplicateStream;
                }

                if ((header.Flags & YamuxFlags.Ack) != 0)
                {
                    Acknowledge(stream);
                }
            }
            else if (opens)
            {
                if ((header.StreamId & 1) != _remoteParity)
                {
                    return YamuxFault.BadStreamId;
                }

                if (_controlCount > Options.MaxStreams + MaxControlBacklog)
                {
                    // Opened and reset over and over, by a peer that does not take our answers.
                    return YamuxFault.RefusedStreamFlood;
                }

                opened = TryAdmit(header.StreamId, out stream);
            }
        }

        if (opened)
        {
            _owner.StreamOpened(stream!);
        }

        return stream is null ? OnFrameOfNoStream(header, refused: opens) : YamuxFault.None;
    }

    private bool TryAdmit(uint id, out YamuxStream? stream)
    {
        stream = null;
        if (_ended || _inboundCount >= Options.MaxInboundStreams || _streams.Count >= Options.MaxStreams)
        {
            return false;
        }

        stream = new YamuxStream(this, id, isInbound: true, _memory);
        _streams.Add(id, stream);
        _inboundCount++;
        return true;
    }

    private YamuxFault OnFrameOfNoStream(YamuxHeader header, bool refused)
    {
        if (refused)
        {
            RefusedStreams++;
            _owner.LimitHit(Libp2pLimit.Streams);
            Interlocked.Add(ref _unknownBudget, YamuxConstants.InitialWindowBytes);
            if ((header.Flags & YamuxFlags.Rst) == 0 && !QueueRefusal(header.StreamId))
            {
                return YamuxFault.RefusedStreamFlood;
            }
        }
        else
        {
            UnknownStreamFrames++;
        }

        long cost = header.Type == YamuxFrameType.Data ? header.Length : 0;
        return Interlocked.Add(ref _unknownBudget, -cost) < 0 ? YamuxFault.UnknownStreamFlood : YamuxFault.None;
    }

    private void EndBody()
    {
        if (_finAfterBody)
        {
            _bodyStream?.OnFin();
        }

        _bodyStream = null;
        _finAfterBody = false;
    }
}
