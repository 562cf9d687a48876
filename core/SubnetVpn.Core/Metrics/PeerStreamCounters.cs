namespace SubnetVpn.Core.Metrics;

/// <summary>The streams of one peer, as they came and went.</summary>
internal sealed class PeerStreamCounters
{
    private long _created;
    private long _closed;

    public long Created => Volatile.Read(ref _created);

    public long Closed => Volatile.Read(ref _closed);

    public long Active
    {
        get
        {
            // Closed first: a stream that comes and goes in between is then not counted as closed only.
            var closed = Closed;
            return Created - closed;
        }
    }

    public void AddCreated() => Interlocked.Increment(ref _created);

    public void AddClosed() => Interlocked.Increment(ref _closed);
}
