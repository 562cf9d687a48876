namespace SubnetVpn.Discovery;

/// <summary>Companion of <see cref="IPeerDiscovery"/> for sources that learn of peers by themselves.</summary>
public interface IPeerWatcher
{
    /// <summary>
    /// Yields what is known now, then every change, until it is cancelled. Yields at once when something is known; ends
    /// early when nothing will ever change. One enumeration per network.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    IAsyncEnumerable<PeerChange> WatchAsync(CancellationToken cancellationToken);
}
