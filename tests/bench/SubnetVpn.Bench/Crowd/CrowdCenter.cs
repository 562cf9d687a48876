using System.Runtime.CompilerServices;
using SubnetVpn.Discovery;

namespace SubnetVpn.Bench.Crowd;

/// <summary>The one node that a crowd knows.</summary>
internal sealed class CrowdCenter(PeerId peer, string address, VirtualIp virtualIp) : IPeerDiscovery, IPeerWatcher
{
    public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken) => new(PeerLookup.NotFound());

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken) => new(AnnounceOutcome.NotSupported);

    public async IAsyncEnumerable<PeerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new PeerChange(PeerChangeKind.Found, new PeerMapping
        {
            Peer = peer,
            Prefixes = [new IpPrefix(virtualIp, virtualIp.BitLength)],
            Addresses = [address],
            Source = "bench",
            Trust = MappingTrust.Authoritative,
        });
        await Task.CompletedTask;
    }
}
