namespace SubnetVpn.Libp2p.Yamux;

/// <summary>Pings: they keep the connection alive, find out when it is dead, and measure the round trip that window tuning needs.</summary>
internal sealed partial class YamuxSession
{
    /// <summary>
    /// On a fast link four round trips are less than the noise of the scheduler, and a window that is never seen
    /// to be used up within them would never grow.
    /// </summary>
    private static readonly TimeSpan MinTuningInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>The first round trip of a connection is often slow; a few in a row find the true one.</summary>
    private const int InitialSamples = 3;

    private int _samples;
    private uint _pingValue;
    private long _pingSentAt;
    private bool _pingOutstanding;
    private long _roundTripTicks;
    private long _lastReceivedAt;

    /// <summary>Smoothed round trip of the multiplexer's pings; null before the first answer.</summary>
    public TimeSpan? RoundTrip
    {
        get
        {
            long ticks = Interlocked.Read(ref _roundTripTicks);
            return ticks == 0 ? null : TimeSpan.FromTicks(ticks);
        }
    }

    /// <summary>Something arrived: the peer lives, whether or not its answer to a ping is late.</summary>
    public void NoteReceived() => Interlocked.Exchange(ref _lastReceivedAt, Time.GetTimestamp());

    /// <summary>Called at the start and then periodically by the connection's timer. Sends a ping unless one is under way.</summary>
    public void SendPing()
    {
        lock (_tableGate)
        {
            if (_pingOutstanding || _ended)
            {
                return;
            }

            _pingOutstanding = true;
            _pingSentAt = Time.GetTimestamp();
            QueuePing(++_pingValue);
        }

        RequestPump(inline: true);
    }

    /// <summary>True when a ping has had no answer, and nothing else has come, for the time the options allow.</summary>
    public bool IsPeerSilent()
    {
        lock (_tableGate)
        {
            long since = Math.Max(_pingSentAt, Interlocked.Read(ref _lastReceivedAt));
            return _pingOutstanding && Time.GetElapsedTime(since) >= Options.KeepAliveTimeout;
        }
    }

    /// <summary>Half a window was read in less than four round trips.</summary>
    public bool IsFasterThanTuning(long since, long now)
    {
        TimeSpan? roundTrip = RoundTrip;
        if (roundTrip is null || since == 0)
        {
            return false;
        }

        TimeSpan limit = TimeSpan.FromTicks(Math.Max(4 * roundTrip.Value.Ticks, MinTuningInterval.Ticks));
        return Time.GetElapsedTime(since, now) < limit;
    }

    private YamuxFault OnPing(YamuxHeader header)
    {
        if (header.Flags == YamuxFlags.Syn)
        {
            QueuePingAnswer(header.Length);
            return YamuxFault.None;
        }

        bool again = false;
        lock (_tableGate)
        {
            if (_pingOutstanding && header.Length == _pingValue)
            {
                _pingOutstanding = false;
                long sample = Math.Max(1, Time.GetElapsedTime(_pingSentAt).Ticks);
                long smoothed = Interlocked.Read(ref _roundTripTicks);
                Interlocked.Exchange(ref _roundTripTicks, smoothed == 0 || sample < smoothed ? sample : smoothed + ((sample - smoothed) / 8));
                again = ++_samples < InitialSamples;
            }
        }

        if (again)
        {
            SendPing();
        }

        return YamuxFault.None;
    }

    private YamuxFault OnGoAway(uint code)
    {
        lock (_tableGate)
        {
            _remoteGoAway = true;
        }

        _owner.RemoteGoAway(code);
        return YamuxFault.None;
    }
}
