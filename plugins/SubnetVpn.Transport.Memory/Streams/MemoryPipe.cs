using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Memory.Streams;

/// <summary>
/// One direction of a stream: a bounded queue of bytes that become readable when they have crossed the link.
/// </summary>
/// <remarks>
/// <code>
/// writer ─▶ [ under way: _arrivals | arrived: _readable ] ─▶ reader      all bytes lie in one ring of at most the link's window
/// </code>
/// A writer that finds no room leaves its batch here, and who reads copies on. No lock is held while another pipe is called.
/// </remarks>
internal sealed partial class MemoryPipe
{
    private readonly Lock _gate = new();
    private readonly ByteRing _ring;
    private readonly Queue<Arrival> _arrivals = new();
    private readonly MemoryNetwork _network;
    private readonly MemoryLink _link;
    private readonly Random _random;
    private ITimer? _timer;
    private bool _isClosed;

    public MemoryPipe(MemoryNetwork network, MemoryLink link, int seed) =>
        (_network, _link, _random, _ring) = (network, link, new Random(seed), new ByteRing(link.Window));

    /// <summary>The end that reads; set once, before use.</summary>
    public MemoryVpnStream Reader { get; set; } = null!;

    /// <summary>The end that writes; set once, before use.</summary>
    public MemoryVpnStream Writer { get; set; } = null!;

    public MemoryLink Link => _link;

    /// <summary>Lets arrive what is due, unless the link is paused.</summary>
    public void Deliver()
    {
        var (stopReading, reset) = (false, false);
        lock (_gate)
        {
            if (_isClosed || _link.IsPaused)
                return;
            var now = _network.Now;
            while (_arrivals.TryPeek(out var arrival) && arrival.Due <= now)
            {
                _arrivals.Dequeue();
                Arrive(arrival, ref stopReading, ref reset);
            }
            SatisfyRead();
            Arm(now);
        }
        Tell(stopReading, reset);
    }

    /// <summary>Frees everything; both ends are over.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _timer?.Dispose();
            _timer = null;
            _arrivals.Clear();
            _ring.Release();
        }
    }

    /// <summary>Says that the writer ended both ways.</summary>
    public void SendReset() => Send(ArrivalKind.Reset);

    /// <summary>Says that the writer reads no more, though what it wrote is still to be read.</summary>
    public void SendStopReading() => Send(ArrivalKind.StopReading);

    private void Send(ArrivalKind kind)
    {
        var (stopReading, reset) = (false, false);
        lock (_gate)
            SendLocked(kind, 0, ref stopReading, ref reset);
        Tell(stopReading, reset);
    }

    private void SendLocked(ArrivalKind kind, int bytes, ref bool stopReading, ref bool reset)
    {
        if (_isClosed)
            return;
        var now = _network.Now;
        var arrival = new Arrival(kind, bytes, _link.Reserve(bytes, now));
        if (arrival.Due <= now && _arrivals.Count == 0 && !_link.IsPaused)
        {
            Arrive(arrival, ref stopReading, ref reset);
            SatisfyRead();
            return;
        }
        _arrivals.Enqueue(arrival);
        if (_arrivals.Count == 1)
            Arm(now);
    }

    private void Arrive(in Arrival arrival, ref bool stopReading, ref bool reset)
    {
        switch (arrival.Kind)
        {
            case ArrivalKind.Data:
                BytesArrived(arrival.Bytes);
                break;
            case ArrivalKind.Finish:
                _finishArrived = true;
                break;
            case ArrivalKind.StopReading:
                stopReading = true;
                break;
            case ArrivalKind.Reset:
                reset = true;
                break;
        }
    }

    private void Tell(bool stopReading, bool reset)
    {
        if (reset)
            Reader.End(StreamEnd.ResetByPeer, tellPeer: false);
        else if (stopReading)
            Reader.PeerStoppedReading();
    }

    private void Arm(TimeSpan now)
    {
        if (_link.IsPaused || !_arrivals.TryPeek(out var next))
            return;
        var wait = next.Due > now ? next.Due - now : TimeSpan.Zero;
        _timer ??= _network.Time.CreateTimer(static state => ((MemoryPipe)state!).Deliver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(RoundUp(wait), Timeout.InfiniteTimeSpan);
    }

    // The system's timers count milliseconds and round down; a timer that comes early would only be set again.
    private TimeSpan RoundUp(TimeSpan wait) =>
        _network.Time == TimeProvider.System ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : wait;
}
