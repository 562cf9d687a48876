using System.Runtime.CompilerServices;
using SubnetVpn.Discovery;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>Discovery that knows every node of the simulation from the start, as a static list does.</summary>
internal sealed class SimDiscovery(Func<IEnumerable<PeerMapping>> mappings) : IPeerDiscovery, IPeerWatcher
{
    public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken) => new(PeerLookup.NotFound());

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken) => new(AnnounceOutcome.NotSupported);

    public async IAsyncEnumerable<PeerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var mapping in mappings())
            yield return new PeerChange(PeerChangeKind.Found, mapping);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
