namespace SubnetVpn.Discovery;

/// <summary>
/// Maps a virtual IP to the peer that holds it, and tells others of our own. Never called on the packet path: the host
/// caches answers and failures, and asks for one address once at a time. Thread-safe.
/// </summary>
/// <remarks>
/// A source that learns of peers by itself also implements <see cref="IPeerWatcher"/>. One that holds resources implements
/// <see cref="IAsyncDisposable"/>.
/// </remarks>
public interface IPeerDiscovery
{
    /// <summary>
    /// Finds the peer that holds an address. The host also asks for addresses of this node: whether another peer claims one, from before the
    /// start on. An answer that names this node means no other does.
    /// </summary>
    /// <param name="address">The destination of a packet, or an address of this node.</param>
    /// <param name="cancellationToken">Abandons the search with <see cref="OperationCanceledException"/>; the host sets a time limit by it.</param>
    /// <returns>The peer, or why there is none: a value, not an exception.</returns>
    ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken);

    /// <summary>
    /// Makes our own mapping known. Called at start and whenever it changes; a source that has to repeat it does so by
    /// itself. A source with nobody to tell returns <see cref="AnnounceOutcome.NotSupported"/>.
    /// </summary>
    /// <param name="self">Our mapping.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken);
}
