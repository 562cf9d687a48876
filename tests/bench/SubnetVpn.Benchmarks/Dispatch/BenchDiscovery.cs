using System.Runtime.CompilerServices;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Benchmarks.Dispatch;

/// <summary>Knows the peers from the start: one for each address.</summary>
internal sealed class BenchDiscovery(IReadOnlyList<VirtualIp> addresses) : IPeerDiscovery, IPeerWatcher
{
    public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken) => new(PeerLookup.NotFound());

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken) => new(AnnounceOutcome.NotSupported);

    public async IAsyncEnumerable<PeerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var peer = 0; peer < addresses.Count; peer++)
            yield return new PeerChange(PeerChangeKind.Found, new PeerMapping
            {
                Peer = TestPeers.Create(peer),
                Prefixes = [new IpPrefix(addresses[peer], addresses[peer].BitLength)],
                Addresses = [$"/memory/{peer}"],
                Source = "bench",
                Trust = MappingTrust.Authoritative,
            });
        await Task.CompletedTask;
    }
}
