using System.Buffers.Binary;
using SubnetVpn.Core.Frames;

namespace SubnetVpn.Core.Streams;

// A ping takes its turn in the queue; its pong says that everything before it was delivered. One ping at a time.
internal sealed partial class StreamChannel
{
    // Guarded by the gate, but for what the writer notes.
    private long _confirmed;
    private long _pingNumber;
    private long _pingCovers;
    private bool _isPinging;
    private long _ratedAt;
    private bool _pingAgain;
    private long _pingSentAt;
    private long _pingHanded;
    private long _packetsConfirmed;
    private long _checkCovers;
    private long _checkSettled;
    private bool _isChecking;
    private long _roundTrip = -1;

    /// <summary>Whether it was handed to the ledger. Under the gate.</summary>
    public bool IsInLedger { get; set; }

    /// <summary>What the ledger keeps of it.</summary>
    public EndedStream ToEnded() => new(Number, GetTotalsAsync());

    private async Task<StreamTotals> GetTotalsAsync()
    {
        await Completion;
        return new StreamTotals(Volatile.Read(ref _handed), Volatile.Read(ref _inDoubt), Volatile.Read(ref _packetsConfirmed), PeerInstance);
    }

    /// <summary>Checks in a row that failed. Under the gate.</summary>
    public int FailedChecks { get; private set; }

    /// <summary>Whether a check has ended. Under the gate.</summary>
    public bool WasChecked { get; private set; }

    /// <summary>From ping to pong, without the wait in the queue; null before the first.</summary>
    public TimeSpan? RoundTrip => Volatile.Read(ref _roundTrip) is >= 0 and var ticks ? new TimeSpan(ticks) : null;

    /// <summary>Packets written per second, over the last interval that was rated. Under the gate.</summary>
    public double PacketsPerSecond { get; private set; }

    /// <summary>Ends an interval of <see cref="PacketsPerSecond"/>. Under the gate.</summary>
    public void Rate(TimeSpan elapsed)
    {
        var sent = PacketsSent;
        PacketsPerSecond = elapsed > TimeSpan.Zero ? (sent - _ratedAt) / elapsed.TotalSeconds : 0;
        _ratedAt = sent;
    }

    /// <summary>Asks the peer to confirm what was put in the queue so far. The original format has no pings. Under the gate.</summary>
    public void Ping()
    {
        if (IsLegacy || HasEnded)
            return;
        if (_isPinging)
        {
            _pingAgain |= _pingCovers < _enqueued;
            return;
        }
        Span<byte> body = stackalloc byte[FrameLimits.Ping];
        BinaryPrimitives.WriteInt64BigEndian(body, _pingNumber + 1);
        if (TryEnqueueControl(ControlFrames.Make(FrameType.Ping, body)) != PacketDropReason.None)
            return;
        Volatile.Write(ref _pingNumber, _pingNumber + 1);
        _isPinging = true;
        _pingCovers = _enqueued;
    }

    /// <summary>Says that a stream of the same peer has ended, before anything that is put in the queue from now on. Under the gate.</summary>
    public void Fence(EndedStream ended)
    {
        if (!IsLegacy && TryEnqueueControl(ControlFrames.Make(FrameType.Fence, StreamAccount.EncodeFence(ended.Number))) == PacketDropReason.StreamQueueFull)
            // It could not be kept in order any more.
            End("too_many_fences");
    }

    /// <summary>Begins a health check. Under the gate.</summary>
    public void BeginCheck()
    {
        _isChecking = true;
        _checkSettled = Volatile.Read(ref _settled);
        _checkCovers = _pingNumber + (_isPinging ? 0 : 1);
        Ping();
    }

    /// <summary>
    /// Ends a health check: the peer must have answered; of the original format, which has no answers, some of what is
    /// queued must have been written. Under the gate.
    /// </summary>
    /// <returns>Whether it is healthy; null when no check was begun.</returns>
    public bool? EndCheck()
    {
        if (!_isChecking)
            return null;
        _isChecking = false;
        WasChecked = true;
        var settled = Volatile.Read(ref _settled);
        var isHealthy = IsLegacy
            ? settled == _enqueued || settled != _checkSettled
            : _pingNumber - (_isPinging ? 1 : 0) >= _checkCovers;
        FailedChecks = isHealthy ? 0 : FailedChecks + 1;
        return isHealthy;
    }

    private PacketDropReason TryEnqueueControl(byte[] frame)
    {
        var buffer = _context.Pool.Rent(frame.Length);
        buffer.Set(frame);
        var reason = _queue.TryEnqueueControl(buffer);
        if (reason != PacketDropReason.None)
            buffer.Release();
        return reason;
    }

    // By the writer, as the ping leaves the queue.
    private void NotePing()
    {
        Volatile.Write(ref _pingHanded, _handed);
        Volatile.Write(ref _pingSentAt, _context.Time.GetTimestamp());
    }

    /// <summary>Whether a pong may be the answer to the last ping: a peer that sends others must not make us take the gate.</summary>
    public bool IsLastPing(long number) => number == Volatile.Read(ref _pingNumber);

    /// <summary>The answer to a ping has come; another one is sent when more was put in the queue that somebody waits for. Under the gate.</summary>
    /// <returns>False when it is not the answer to our last ping.</returns>
    public bool Pong(long number)
    {
        if (!_isPinging || number != _pingNumber)
            return false;
        _isPinging = false;
        _confirmed = _pingCovers;
        Volatile.Write(ref _packetsConfirmed, Volatile.Read(ref _pingHanded));
        Volatile.Write(ref _roundTrip, _context.Time.GetElapsedTime(Volatile.Read(ref _pingSentAt)).Ticks);
        if (_pingAgain)
        {
            _pingAgain = false;
            Ping();
        }
        return true;
    }
}
