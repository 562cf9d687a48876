namespace SubnetVpn.Transport.Memory;

/// <summary>
/// The way from one node to another; the way back is a link of its own. Shared by all streams in that direction. Changes
/// hold for what is sent from then on. Thread-safe.
/// </summary>
public sealed class MemoryLink
{
    private readonly Lock _gate = new();
    private readonly MemoryNetwork _network;
    private TaskCompletionSource? _resumed;
    private TimeSpan _delay;
    private long _bytesPerSecond;
    private TimeSpan _busyUntil;
    private TimeSpan _lastArrival;
    private volatile bool _isPaused;
    private volatile bool _isCut;
    private volatile bool _splitReads;
    private volatile int _window;

    internal MemoryLink(MemoryNetwork network, PeerId from, PeerId to, MemoryLinkSettings settings)
    {
        (_network, From, To) = (network, from, to);
        Delay = settings.Delay;
        BytesPerSecond = settings.BytesPerSecond;
        SplitReads = settings.SplitReads;
        Window = settings.Window;
    }

    /// <summary>Who sends over it.</summary>
    public PeerId From { get; }

    /// <summary>Who receives from it.</summary>
    public PeerId To { get; }

    /// <summary>Whether nothing arrives for the time being.</summary>
    public bool IsPaused => _isPaused;

    /// <summary>Whether nothing can pass: see <see cref="MemoryNetwork.Cut"/>.</summary>
    public bool IsCut => _isCut;

    /// <summary>How long bytes are under way.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (_gate)
                return _delay;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            lock (_gate)
                _delay = value;
        }
    }

    /// <summary>How many bytes a second it takes; 0 is unlimited.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_gate)
                return _bytesPerSecond;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_gate)
                _bytesPerSecond = value;
        }
    }

    /// <summary>Whether reads return random parts of what has arrived.</summary>
    public bool SplitReads
    {
        get => _splitReads;
        set => _splitReads = value;
    }

    /// <summary>Bytes of one stream that may be under way or unread; then writing waits. Holds for streams that are opened from then on.</summary>
    public int Window
    {
        get => _window;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _window = value;
        }
    }

    /// <summary>Lets nothing arrive until <see cref="Resume"/>: a peer that has stopped reading. Nothing is lost.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _isPaused = true;
            _resumed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Lets arrive what is due.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _isPaused = false;
            _resumed?.SetResult();
            _resumed = null;
        }
        _network.DeliverAll(this);
    }

    /// <summary>When bytes sent now will arrive; takes their share of the bandwidth. In order: never before earlier ones.</summary>
    internal TimeSpan Reserve(int bytes, TimeSpan now)
    {
        lock (_gate)
        {
            if (_bytesPerSecond > 0)
            {
                var start = _busyUntil > now ? _busyUntil : now;
                _busyUntil = start + TimeSpan.FromTicks((long)((Int128)bytes * TimeSpan.TicksPerSecond / _bytesPerSecond));
                now = _busyUntil;
            }
            var arrival = now + _delay;
            _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
            return _lastArrival;
        }
    }

    /// <summary>Waits as long as a message needs to the other end; does not say whether it got there.</summary>
    internal async ValueTask CrossAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task? resumed;
            lock (_gate)
                resumed = _isCut ? null : _resumed?.Task;
            if (resumed is null)
                break;
            await resumed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        if (Delay is { Ticks: > 0 } delay)
            await Task.Delay(delay, _network.Time, cancellationToken).ConfigureAwait(false);
    }

    internal void SetCut(bool isCut)
    {
        lock (_gate)
        {
            _isCut = isCut;
            if (!isCut || _resumed is null)
                return;
            // Who waits for a paused link finds out that it is gone.
            _resumed.SetResult();
            _resumed = _isPaused ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        }
    }
}
