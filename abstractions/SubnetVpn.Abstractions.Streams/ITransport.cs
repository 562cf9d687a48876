namespace SubnetVpn.Streams;

/// <summary>
/// Opens streams to peers and takes theirs: authenticated, encrypted, ordered bytes. One instance per node, shared by
/// its networks. Thread-safe.
/// </summary>
/// <remarks>
/// Order of calls: <see cref="HandleStreams"/> and <see cref="WatchPeers"/> at any time, <see cref="ListenAsync"/> once,
/// <see cref="OpenStreamAsync"/> at any time, disposal last: it ends all streams. A transport that can tell of its
/// connections also implements <see cref="ITransportDiagnostics"/>, one whose streams share connections <see cref="IWriteBatching"/>.
/// </remarks>
public interface ITransport : IAsyncDisposable
{
    /// <summary>Takes connections from peers. With an empty list the node only dials.</summary>
    /// <param name="addresses">Multiaddresses, such as <c>/ip4/0.0.0.0/tcp/4001</c>. Port 0 lets the system choose.</param>
    /// <param name="cancellationToken">Abandons it; nothing listens then.</param>
    /// <returns>The addresses with the real ports.</returns>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Transport"/>: an address is wrong, in use or not allowed.</exception>
    ValueTask<IReadOnlyList<string>> ListenAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a stream to a peer over a connection that is there or a new one. Who answers is proven to be that peer.
    /// </summary>
    /// <param name="peer">The peer, and where to dial it.</param>
    /// <param name="request">What kind of stream.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The stream, which the caller disposes of, or why there is none: a value, not an exception.</returns>
    ValueTask<OpenStreamResult> OpenStreamAsync(PeerEndpoint peer, StreamRequest request, CancellationToken cancellationToken);

    /// <summary>Takes the streams that peers open for a protocol.</summary>
    /// <param name="protocol">The protocol id, such as <c>/vpn/2.0.0</c>.</param>
    /// <param name="handler">
    /// Runs once per stream, concurrently; the stream is disposed of when it returns. An exception resets the stream.
    /// </param>
    /// <returns>Dispose of it to take no more.</returns>
    /// <exception cref="InvalidOperationException">The protocol has a handler.</exception>
    IDisposable HandleStreams(string protocol, Func<IVpnStream, CancellationToken, Task> handler);

    /// <summary>Tells when peers become connected and when their last connection ends.</summary>
    /// <param name="observer">Called on the transport's threads: return fast, throw nothing.</param>
    /// <returns>Dispose of it to hear no more.</returns>
    IDisposable WatchPeers(IPeerObserver observer);
}
