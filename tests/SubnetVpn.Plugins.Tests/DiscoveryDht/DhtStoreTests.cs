using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht;
using SubnetVpn.Plugins.Tests.TransportLibp2p;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

public sealed class DhtStoreTests
{
    private static readonly string s_self = $"/ip4/198.18.0.1/tcp/4001/p2p/{TestPeers.Create(1)}";
    private static readonly string s_other = $"/ip4/198.18.0.2/tcp/4001/p2p/{TestPeers.Create(2)}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Create_NoStore_SaysHowToMend()
    {
        var fault = Assert.Throws<VpnException>(() => Create(null, new DhtOptions()));

        Assert.Equal(VpnErrorReason.Configuration, fault.Reason);
        Assert.Contains("transport: libp2p", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_StoreIsOff_SaysHowToMend()
    {
        var fault = Assert.Throws<VpnException>(() => Create(new MemoryTableNode(new MemoryTable()) { IsOff = true }, new DhtOptions()));

        Assert.Contains("dht: off", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OneStoreOnly_CannotBeToldWhich()
    {
        var fault = Assert.Throws<VpnException>(() => Create(new OneStore(), new DhtOptions { Bootstrap = [s_other] }));

        Assert.Contains("bootstrap", fault.Message, StringComparison.Ordinal);
        Create(new OneStore(), new DhtOptions());
    }

    [Fact(Timeout = 60_000)]
    public async Task Use_OpensWhatTheOptionsName_WithoutOurselves()
    {
        var store = new MemoryTable().Add();
        await using var discovery = Create(store, new DhtOptions { Protocol = "ipsn/kad/1.0.0", Bootstrap = [s_self, s_other] });
        Assert.Null(store.Opened);

        await discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.2"), Token);

        Assert.Equal(("ipsn/kad/1.0.0", s_other), (store.Opened!.Protocol, Assert.Single(store.Opened.Bootstrap)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Use_TwoNetworksOfANode_ShareTheStore()
    {
        var (table, time) = (new MemoryTable(), new ManualTimeProvider());
        await using var peer = new DhtNode(table, time, address: "10.0.0.2", name: "home");
        await using var first = new DhtNode(table, time, address: "10.0.0.1");
        await using var second = new DhtNode(table, time, address: "10.0.0.1", name: "home", shared: first);
        await peer.AnnounceAsync();
        await first.AnnounceAsync();
        await second.AnnounceAsync();

        Assert.Equal(PeerLookupOutcome.NotFound, (await first.FindAsync(peer.Address)).Outcome);
        await first.Discovery.DisposeAsync();
        Assert.Equal(peer.Identity.Id, (await second.FindAsync(peer.Address)).Mapping!.Peer);
        await second.Discovery.DisposeAsync();

        // The last one took the validator with it.
        first.Store.AddValidator("svpn", new Nothing()).Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Use_TheNamespaceIsAnothers_IsAFault()
    {
        var store = new MemoryTable().Add();
        using var taken = store.AddValidator("svpn", new Nothing());
        await using var discovery = Create(store, new DhtOptions());

        var fault = await Assert.ThrowsAsync<VpnException>(async () => await discovery.AnnounceAsync(Self(), Token));

        Assert.Equal(VpnErrorReason.Discovery, fault.Reason);
    }

    private static PeerMapping Self() => new()
    {
        Peer = TestPeers.Create(1),
        Prefixes = [IpPrefix.Parse("10.0.0.1")],
        Source = "self",
        Trust = MappingTrust.Authoritative,
    };

    private static DhtDiscovery Create(IRecordStore? store, DhtOptions options) => new(
        options,
        new NetworkContext { Name = "default", LocalPeer = TestPeers.Create(1), VirtualIps = [VirtualIp.Parse("10.0.0.1")], Subnets = [IpPrefix.Parse("10.0.0.0/24")], Mtu = 1400 },
        new PretendedSignatures.Identity(1), new PretendedSignatures(), NoSubnets.Instance, TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters(), store);

    private sealed class OneStore : IRecordStore
    {
        public ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => ValueTask.FromResult(0);

        public IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => AsyncEnumerable.Empty<ReadOnlyMemory<byte>>();
    }

    private sealed class Nothing : IRecordValidator
    {
        public bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => false;

        public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values) => 0;
    }
}
