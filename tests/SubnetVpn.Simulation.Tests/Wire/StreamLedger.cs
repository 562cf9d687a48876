namespace SubnetVpn.Simulation.Tests.Wire;

/// <summary>
/// Knows of every stream of a simulated network how many packets were written to it and how many were read from it, by
/// counting frames at both ends: what is lost in flight is measured, not taken from the nodes' own counters. Thread-safe.
/// </summary>
internal sealed class StreamLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StreamRecord> _streams = new(StringComparer.Ordinal);
    private long _written;
    private long _lostWithEnded;
    private int _pending;
    private long _activity;

    /// <summary>Packets in batches that streams took whole.</summary>
    public long Written
    {
        get
        {
            lock (_gate)
                return _written;
        }
    }

    /// <summary>Calls of transports and streams that have not returned.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Grows with everything that happens.</summary>
    public long Activity => Volatile.Read(ref _activity);

    /// <summary>Streams of which an end is alive.</summary>
    public int Live
    {
        get
        {
            lock (_gate)
                return _streams.Values.Count(static record => !record.IsOver);
        }
    }

    public StreamRecord Attach(string name, bool isAcceptor)
    {
        Happened();
        lock (_gate)
        {
            // Both ends have one name, but for a mark at the acceptor's.
            var key = name.TrimEnd('i');
            if (!_streams.TryGetValue(key, out var record))
                _streams.Add(key, record = new StreamRecord());
            record.HasAcceptor |= isAcceptor;
            record.HasOpener |= !isAcceptor;
            return record;
        }
    }

    public void AddHanded(StreamRecord record, int packets)
    {
        lock (_gate)
            record.Handed += packets;
    }

    public void AddWritten(int packets)
    {
        lock (_gate)
            _written += packets;
    }

    public void AddRead(StreamRecord record, int packets)
    {
        lock (_gate)
            record.Read += packets;
    }

    public void End(StreamRecord record, string name, bool isAcceptor)
    {
        Happened();
        lock (_gate)
        {
            if (isAcceptor)
                record.AcceptorIsOver = true;
            else
                record.OpenerIsOver = true;
            if (record is { OpenerIsOver: true, AcceptorIsOver: true } && _streams.Remove(name.TrimEnd('i')))
                _lostWithEnded += record.Handed - record.Read;
        }
    }

    /// <summary>
    /// Packets handed over less packets read: of streams that are over, and of those that are not. What a write that failed
    /// held is in the first number, but for what the reader had got of it before.
    /// </summary>
    public (long Lost, long UnderWay) Measure()
    {
        lock (_gate)
        {
            var (lost, underWay) = (_lostWithEnded, 0L);
            foreach (var record in _streams.Values)
            {
                if (record.IsOver)
                    lost += record.Handed - record.Read;
                else
                    underWay += record.Handed - record.Read;
            }
            return (lost, underWay);
        }
    }

    public void Begin()
    {
        Interlocked.Increment(ref _pending);
        Happened();
    }

    public void Done()
    {
        Interlocked.Decrement(ref _pending);
        Happened();
    }

    public void Happened() => Interlocked.Increment(ref _activity);
}
