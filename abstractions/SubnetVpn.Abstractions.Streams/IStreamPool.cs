namespace SubnetVpn.Streams;

/// <summary>
/// The streams of the peers of a network, for embedders that write to a stream themselves. Thread-safe. They are
/// streams of their own, beside those of the packet path: at most <c>max_streams_per_peer</c> to a peer, which are closed when nobody
/// borrowed them for <c>stream_idle_timeout</c>.
/// </summary>
public interface IStreamPool
{
    /// <summary>Lends a stream to a peer, a new one when none is free. Give it back with <see cref="Release"/>.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The stream, or why there is none.</returns>
    ValueTask<OpenStreamResult> GetStreamAsync(PeerId peer, CancellationToken cancellationToken);

    /// <summary>Gives a stream back.</summary>
    /// <param name="stream">A stream of <see cref="GetStreamAsync"/>; the caller must not use it again.</param>
    /// <param name="healthy">False when it failed: it is closed and replaced.</param>
    void Release(IVpnStream stream, bool healthy);

    /// <summary>A snapshot of the pool.</summary>
    StreamPoolSnapshot GetMetrics();
}
