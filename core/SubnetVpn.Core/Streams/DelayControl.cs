namespace SubnetVpn.Core.Streams;

/// <summary>
/// Decides which packets of a queue to drop so that it stays short: CoDel (RFC 8289). What counts is how long packets wait,
/// not how many there are, so a burst passes and a standing queue does not. For the one consumer of a queue.
/// </summary>
/// <remarks>
/// <code>
///   passing ──waited ≥ Target throughout an Interval──▶ dropping: one packet, the next after Interval/√1, Interval/√2, …
///   dropping ──one packet waited less than Target, or the queue is empty──▶ passing
/// </code>
/// Times are ticks of <see cref="TimeSpan"/> since any moment.
/// </remarks>
internal sealed class DelayControl
{
    /// <summary>The standing wait that is tolerated. RFC 8289 has 5 ms; here the queue is emptied in batches of up to as long.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromMilliseconds(10);

    /// <summary>How long it may be exceeded: the order of a round trip in the Internet (RFC 8289 section 4.3).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// What waited longer is dropped: its sender has sent it again, or given up. But for the last packet, from whose arrival a TCP
    /// sender learns what is missing before it: a queue that is dropped empty leaves it waiting for its timer.
    /// </summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private long _aboveUntil;
    private long _dropNext;
    private int _count;
    private int _lastCount;
    private bool _dropping;

    /// <summary>Whether to drop the packet at the front.</summary>
    /// <param name="waited">How long it waited.</param>
    /// <param name="now">The time.</param>
    /// <param name="isLast">Whether no packet is behind it: the last one is never what makes a queue too long, and never dropped.</param>
    public bool ShouldDrop(TimeSpan waited, TimeSpan now, bool isLast)
    {
        if (waited > MaxWait)
            return !isLast;
        var mayDrop = IsAbove(waited, now.Ticks, isLast);
        if (_dropping)
        {
            if (!mayDrop)
            {
                _dropping = false;
                return false;
            }
            if (now.Ticks < _dropNext)
                return false;
            _count++;
            _dropNext += ControlLaw(_count);
            return true;
        }
        if (!mayDrop)
            return false;
        _dropping = true;
        // Dropping again soon after: go on with the rate that was needed then (RFC 8289 section 5.4).
        var delta = _count - _lastCount;
        _count = delta > 1 && now.Ticks - _dropNext < 16 * Interval.Ticks ? delta : 1;
        _dropNext = now.Ticks + ControlLaw(_count);
        _lastCount = _count;
        return true;
    }

    private bool IsAbove(TimeSpan waited, long now, bool isLast)
    {
        if (waited < Target || isLast)
        {
            _aboveUntil = 0;
            return false;
        }
        if (_aboveUntil == 0)
        {
            _aboveUntil = now + Interval.Ticks;
            return false;
        }
        return now >= _aboveUntil;
    }

    private static long ControlLaw(int count) => (long)(Interval.Ticks / Math.Sqrt(count));
}
