using SubnetVpn.Streams;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Simulation.Tests.Wire;

/// <summary>The memory transport of a node, with every stream in the ledger.</summary>
internal sealed class SimTransport(MemoryTransport inner, StreamLedger ledger, WriteOrder? order) : ITransport
{
    /// <summary>Peers to whom a dial never returns.</summary>
    public Func<PeerId, bool> IsSilent { get; init; } = static _ => false;

    public ValueTask<IReadOnlyList<string>> ListenAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken) =>
        inner.ListenAsync(addresses, cancellationToken);

    public async ValueTask<OpenStreamResult> OpenStreamAsync(PeerEndpoint peer, StreamRequest request, CancellationToken cancellationToken)
    {
        if (IsSilent(peer.Peer))
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        ledger.Begin();
        try
        {
            var opened = await inner.OpenStreamAsync(peer, request, cancellationToken);
            return opened.Stream is { } stream ? OpenStreamResult.Opened(new SimStream(stream, ledger, order)) : opened;
        }
        finally
        {
            ledger.Done();
        }
    }

    public IDisposable HandleStreams(string protocol, Func<IVpnStream, CancellationToken, Task> handler) =>
        inner.HandleStreams(protocol, async (stream, token) =>
        {
            ledger.Begin();
            var recorded = new SimStream(stream, ledger, order: null);
            try
            {
                await handler(recorded, token);
            }
            finally
            {
                recorded.End();
                ledger.Done();
            }
        });

    public IDisposable WatchPeers(IPeerObserver observer) => inner.WatchPeers(observer);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
