using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht;
using SubnetVpn.Plugins.Tests.TransportLibp2p;
using SubnetVpn.TestKit.Discovery;
using SubnetVpn.TestKit.Metrics;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

public sealed class DhtConformanceTests : PeerDiscoveryConformance, IAsyncDisposable
{
    private readonly MemoryTable _table = new();
    private readonly List<DhtDiscovery> _all = [];

    protected override bool FindsRoutes => false;

    public async ValueTask DisposeAsync()
    {
        foreach (var discovery in _all)
            await discovery.DisposeAsync();
    }

    protected override async ValueTask<IPeerDiscovery> CreateAsync()
    {
        var discovery = Add(1, Network);
        // It is in the table once it has something to do there: then it also keeps what others store.
        await discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.200"), TestContext.Current.CancellationToken);
        foreach (var (index, known) in Known.Index())
        {
            var peer = Add(index + 2, Network with { LocalPeer = known.Peer, VirtualIps = [.. known.Prefixes.Where(static prefix => prefix.IsSingleAddress).Select(static prefix => prefix.Address)] });
            Assert.Equal(AnnounceOutcome.Announced, await peer.AnnounceAsync(known, TestContext.Current.CancellationToken));
        }
        return discovery;
    }

    private DhtDiscovery Add(int number, NetworkContext network)
    {
        var discovery = new DhtDiscovery(
            new DhtOptions(), network, new PretendedSignatures.Identity(number), new PretendedSignatures(), NoSubnets.Instance, TimeProvider.System,
            NullLoggerFactory.Instance, new ScopedMeters(), _table.Add());
        _all.Add(discovery);
        return discovery;
    }
}
