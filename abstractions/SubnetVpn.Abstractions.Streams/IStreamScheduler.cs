namespace SubnetVpn.Streams;

/// <summary>
/// Picks the stream for a flow, and says when a peer should have more or fewer streams. Pure: no I/O, no clock but what is
/// passed in; the same arguments give the same answer. Called from several threads at once.
/// </summary>
public interface IStreamScheduler
{
    /// <summary>
    /// Picks a stream for a flow that has none. A flow then stays on its stream, unless the stream ends or is let go, or the
    /// pool grows and the flows of a crowded stream are spread again; each time it moves without its packets changing order.
    /// </summary>
    /// <param name="key">The flow.</param>
    /// <param name="streams">The peer's healthy streams with their load; never empty.</param>
    /// <returns>An index into <paramref name="streams"/>.</returns>
    int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> streams);

    /// <summary>Says whether the pool of a peer should grow or shrink. Asked when a flow begins, when a queue grows long, at every cleanup interval and at every scaling interval.</summary>
    /// <param name="pool">The pool's limits and totals.</param>
    /// <param name="streams">The peer's healthy streams with their load; may be empty.</param>
    StreamScaling Scale(in StreamPoolLoad pool, ReadOnlySpan<StreamLoad> streams);
}
