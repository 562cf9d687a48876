using System.Runtime.CompilerServices;
using SubnetVpn.Discovery;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>Knows the peers from the start.</summary>
internal sealed class KnownPeers(IReadOnlyList<PeerMapping> mappings) : IPeerDiscovery, IPeerWatcher
{
    public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken) => new(PeerLookup.NotFound());

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken) => new(AnnounceOutcome.NotSupported);

    public async IAsyncEnumerable<PeerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var mapping in mappings)
            yield return new PeerChange(PeerChangeKind.Found, mapping);
        await Task.CompletedTask;
    }
}
