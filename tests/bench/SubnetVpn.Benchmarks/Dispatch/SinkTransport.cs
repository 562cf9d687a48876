using SubnetVpn.Streams;

namespace SubnetVpn.Benchmarks.Dispatch;

/// <summary>Opens streams to every peer at once; what is written to them is counted and gone.</summary>
internal sealed class SinkTransport : ITransport
{
    private long _buffers;

    /// <summary>Buffers that were written, to all streams.</summary>
    public long Buffers => Volatile.Read(ref _buffers);

    public ValueTask<IReadOnlyList<string>> ListenAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken) => new(addresses);

    public ValueTask<OpenStreamResult> OpenStreamAsync(PeerEndpoint peer, StreamRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        return new(OpenStreamResult.Opened(new SinkStream(this, peer.Peer, request.Protocols[0])));
    }

    public IDisposable HandleStreams(string protocol, Func<IVpnStream, CancellationToken, Task> handler) => new MemoryStream();

    public IDisposable WatchPeers(IPeerObserver observer) => new MemoryStream();

    public void Count(int buffers) => Interlocked.Add(ref _buffers, buffers);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
