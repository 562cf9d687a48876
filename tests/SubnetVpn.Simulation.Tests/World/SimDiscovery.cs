using System.Runtime.CompilerServices;
using SubnetVpn.Discovery;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>Discovery that knows every node of the simulation from the start, as a static list does.</summary>
internal sealed class SimDiscovery(Func<IEnumerable<PeerMapping>> mappings) : IPeerDiscovery, IPeerWatcher
{
    private int _questions;

    /// <summary>What is answered for addresses that no node of the start holds.</summary>
    public Func<VirtualIp, Task<PeerLookup>> Answer { get; set; } = static _ => Task.FromResult(PeerLookup.NotFound());

    public int Questions => Volatile.Read(ref _questions);

    public async ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _questions);
        return await Answer(address).WaitAsync(cancellationToken);
    }

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken) => new(AnnounceOutcome.NotSupported);

    public async IAsyncEnumerable<PeerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var mapping in mappings())
            yield return new PeerChange(PeerChangeKind.Found, mapping);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
