namespace SubnetVpn.Libp2p.Yamux;

/// <summary>
/// Control frames that wait to be sent. All bounded: at most one entry a stream (no streams are taken in while too many
/// of them are of streams that are gone), some refusals, some answers to pings, one ping of ours and one GoAway. Guarded by <see cref="SendGate"/>.
/// </summary>
internal sealed partial class YamuxSession
{
    private const int MaxRefusals = 256;
    private const int MaxPingAnswers = 16;

    // Made when they are needed: most connections never refuse a stream, and answer one ping at a time.
    private uint[] _refusals = [];
    private uint[] _pingAnswers = [];
    private YamuxStream? _controlHead;
    private YamuxStream? _controlTail;
    private volatile int _controlCount;
    private int _refusalCount;
    private int _pingAnswerCount;
    private uint _ping;
    private bool _pingPending;
    private uint _goAway;
    private bool _goAwayPending;

    /// <summary>Pings that were not answered because too many answers waited already.</summary>
    public long DroppedPings { get; private set; }

    private bool HasControl =>
        _controlHead is not null || _refusalCount > 0 || _pingAnswerCount > 0 || _pingPending || _goAwayPending;

    public void QueueCredit(YamuxStream stream, uint credit)
    {
        lock (SendGate)
        {
            stream.PendingCredit += credit;
            QueueControl(stream);
        }
    }

    public void QueueReset(YamuxStream stream, uint code)
    {
        lock (SendGate)
        {
            stream.ResetPending = true;
            stream.ResetCode = code;
            QueueControl(stream);
        }
    }

    public void QueueGoAway(YamuxGoAwayCode code)
    {
        lock (SendGate)
        {
            _goAway = (uint)code;
            _goAwayPending = true;
        }
    }

    private void QueuePing(uint value)
    {
        lock (SendGate)
        {
            _ping = value;
            _pingPending = true;
        }
    }

    private void QueuePingAnswer(uint value)
    {
        lock (SendGate)
        {
            if (_pingAnswerCount < MaxPingAnswers)
            {
                Put(ref _pingAnswers, _pingAnswerCount++, value, MaxPingAnswers);
            }
            else
            {
                DroppedPings++;
            }
        }
    }

    private bool QueueRefusal(uint streamId)
    {
        lock (SendGate)
        {
            if (_refusalCount == MaxRefusals)
            {
                return false;
            }

            Put(ref _refusals, _refusalCount++, streamId, MaxRefusals);
            return true;
        }
    }

    private static void Put(ref uint[] values, int index, uint value, int most)
    {
        if (index == values.Length)
        {
            Array.Resize(ref values, Math.Clamp(index * 4, 1, most));
        }

        values[index] = value;
    }

    private void QueueControl(YamuxStream stream)
    {
        if (stream.InControlQueue)
        {
            return;
        }

        stream.InControlQueue = true;
        _controlCount++;
        if (_controlTail is null)
        {
            _controlHead = stream;
        }
        else
        {
            _controlTail.NextControl = stream;
        }

        _controlTail = stream;
    }

    private bool TryNextControl(out YamuxHeader header)
    {
        if (_pingAnswerCount > 0)
        {
            header = new YamuxHeader(YamuxFrameType.Ping, YamuxFlags.Ack, 0, _pingAnswers[--_pingAnswerCount]);
            return true;
        }

        if (_pingPending)
        {
            _pingPending = false;
            header = new YamuxHeader(YamuxFrameType.Ping, YamuxFlags.Syn, 0, _ping);
            return true;
        }

        while (_controlHead is { } stream)
        {
            _controlHead = stream.NextControl;
            stream.NextControl = null;
            stream.InControlQueue = false;
            _controlCount--;
            if (_controlHead is null)
            {
                _controlTail = null;
            }

            if (TryStreamControl(stream, out header))
            {
                return true;
            }
        }

        if (_refusalCount > 0)
        {
            header = new YamuxHeader(YamuxFrameType.WindowUpdate, YamuxFlags.Rst, _refusals[--_refusalCount], 0);
            return true;
        }

        // Last, so that the resets of a closing connection go before it.
        if (_goAwayPending)
        {
            _goAwayPending = false;
            header = new YamuxHeader(YamuxFrameType.GoAway, YamuxFlags.None, 0, _goAway);
            return true;
        }

        header = default;
        return false;
    }

    private static bool TryStreamControl(YamuxStream stream, out YamuxHeader header)
    {
        header = default;
        if (stream.ResetPending)
        {
            stream.ResetPending = false;
            stream.PendingCredit = 0;

            // A stream whose SYN was never sent does not exist for the peer.
            if (!stream.IsInbound && stream.OpeningFlagPending)
            {
                return false;
            }

            header = new YamuxHeader(YamuxFrameType.WindowUpdate, YamuxFlags.Rst, stream.Id, stream.ResetCode);
            return true;
        }

        if (stream.PendingCredit == 0)
        {
            return false;
        }

        header = new YamuxHeader(YamuxFrameType.WindowUpdate, TakeOpeningFlag(stream), stream.Id, stream.PendingCredit);
        stream.PendingCredit = 0;
        return true;
    }
}
