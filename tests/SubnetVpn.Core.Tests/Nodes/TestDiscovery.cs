using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Discovery whose answers the test gives.</summary>
internal sealed class TestDiscovery : IPeerDiscovery, IPeerWatcher
{
    private readonly Channel<PeerChange> _changes = Channel.CreateBounded<PeerChange>(1024);

    public Func<VirtualIp, ValueTask<PeerLookup>> Answer { get; set; } = static _ => new(PeerLookup.NotFound());

    public int Questions { get; private set; }

    public PeerMapping? Announced { get; private set; }

    public void Tell(PeerMapping mapping, PeerChangeKind kind = PeerChangeKind.Found) => _changes.Writer.TryWrite(new PeerChange(kind, mapping));

    public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        Questions++;
        return Answer(address);
    }

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken)
    {
        Announced = self;
        return new(AnnounceOutcome.NotSupported);
    }

    public async IAsyncEnumerable<PeerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in _changes.Reader.ReadAllAsync(cancellationToken))
            yield return change;
    }
}
