using SubnetVpn.Streams;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>Another transport, and how many buffers its streams have taken.</summary>
internal sealed class CountingTransport(ITransport inner) : ITransport
{
    private long _buffers;
    private long _before;

    /// <summary>Packets that were written, to all streams.</summary>
    public long Packets => Volatile.Read(ref _buffers) - _before;

    /// <summary>What was written so far were hellos.</summary>
    public void Begin() => _before = Volatile.Read(ref _buffers);

    public long Hellos => Volatile.Read(ref _buffers);

    public ValueTask<IReadOnlyList<string>> ListenAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken) => inner.ListenAsync(addresses, cancellationToken);

    public async ValueTask<OpenStreamResult> OpenStreamAsync(PeerEndpoint peer, StreamRequest request, CancellationToken cancellationToken)
    {
        var result = await inner.OpenStreamAsync(peer, request, cancellationToken);
        return result.Stream is { } stream ? OpenStreamResult.Opened(new CountingStream(this, stream)) : result;
    }

    public IDisposable HandleStreams(string protocol, Func<IVpnStream, CancellationToken, Task> handler) => inner.HandleStreams(protocol, handler);

    public IDisposable WatchPeers(IPeerObserver observer) => inner.WatchPeers(observer);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public void Count(int buffers) => Interlocked.Add(ref _buffers, buffers);
}
