using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.Plugins.Tests.TransportLibp2p;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Libp2p;
using SubnetVpn.Transport.Libp2p.Records;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

/// <summary>The plugin over real libp2p transports on loopback.</summary>
public sealed class DhtTransportTests : IAsyncLifetime
{
    private static readonly NetworkKey s_secret = NetworkKey.FromSecret([.. Enumerable.Range(1, 32).Select(static number => (byte)number)]);
    private readonly List<IAsyncDisposable> _held = [];
    private readonly List<NodeIdentity> _identities = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var held in Enumerable.Reverse(_held))
            await held.DisposeAsync();
        _identities.ForEach(static identity => identity.Dispose());
    }

    [Fact(Timeout = 60_000)]
    public async Task ThreeNodes_OneBootstrap_FindEachOtherAlsoWithoutIt()
    {
        var bootstrap = await StartAsync(1, s_secret);
        Assert.Equal(AnnounceOutcome.Announced, await AnnounceAsync(bootstrap));
        var a = await StartAsync(2, s_secret, bootstrap.Address);
        var b = await StartAsync(3, s_secret, bootstrap.Address);
        Assert.Equal(AnnounceOutcome.Announced, await AnnounceAsync(a));
        Assert.Equal(AnnounceOutcome.Announced, await AnnounceAsync(b));

        var found = (await a.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.3"), Token)).Mapping!;
        Assert.Equal((b.Identity.Id, MappingTrust.Member), (found.Peer, found.Trust));
        Assert.Equal($"{found.Addresses[0]}/p2p/{found.Peer}", b.Address);
        Assert.Equal(bootstrap.Identity.Id, (await b.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.1"), Token)).Mapping!.Peer);

        await bootstrap.Transport.DisposeAsync();
        Assert.Equal(a.Identity.Id, (await b.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.2"), Token)).Mapping!.Peer);
    }

    [Fact(Timeout = 60_000)]
    public async Task Strangers_KeepRecordsOfANetworkThatTheyCannotRead()
    {
        var stranger = await StartAsync(1, key: null);
        await AnnounceAsync(stranger);
        var a = await StartAsync(2, s_secret, stranger.Address);
        await AnnounceAsync(a);
        var b = await StartAsync(3, s_secret, stranger.Address);

        Assert.Equal(a.Identity.Id, (await b.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.2"), Token)).Mapping!.Peer);
        Assert.Equal(PeerLookupOutcome.NotFound, (await stranger.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.2"), Token)).Outcome);
        // It has both of its own, and the one of the others.
        Assert.Equal(3, stranger.Transport.GetSnapshot().Counters["dht.records"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Flood_OfForgedRecords_IsRefusedAndCounted()
    {
        var victim = await StartAsync(1, s_secret);
        await AnnounceAsync(victim);
        // It lets pass what the others refuse.
        var flooder = await StartAsync(2, key: null);
        flooder.Transport.Open(new RecordStoreSettings { Bootstrap = [victim.Address] });
        using var validator = flooder.Transport.AddValidator("svpn", new Anything());
        var keys = new NetworkKeys(victim.Network, DhtNode.Ed25519);

        for (var i = 2; i < 42; i++)
            Assert.InRange(await flooder.Transport.PutAsync(keys.KeyOf(VirtualIp.Parse($"10.0.0.{i}")), new byte[100], Token), 0, 1);

        // The flooder's table tries some again by itself.
        Assert.InRange(victim.Discovery.Counters.Of(RecordRefusal.Malformed), 40, 80);
        Assert.Equal(1, victim.Transport.GetSnapshot().Counters["dht.records"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task TheAddressOfAnother_IsNotTaken()
    {
        var bootstrap = await StartAsync(1, s_secret);
        await AnnounceAsync(bootstrap);
        var rivals = new List<Node> { await StartAsync(5, s_secret, bootstrap.Address), await StartAsync(5, s_secret, bootstrap.Address) };
        var better = rivals.MinBy(static rival => Rank(rival))!;
        var worse = rivals.Single(rival => rival != better);

        Assert.Equal(AnnounceOutcome.Announced, await AnnounceAsync(worse));
        Assert.Equal(AnnounceOutcome.Announced, await AnnounceAsync(better));

        Assert.Equal(AnnounceOutcome.Refused, await AnnounceAsync(worse));
        Assert.Equal(better.Identity.Id, (await bootstrap.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.5"), Token)).Mapping!.Peer);
        Assert.Equal(better.Identity.Id, (await worse.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.5"), Token)).Mapping!.Peer);
    }

    [Fact(Timeout = 60_000)]
    public async Task BootstrapComesLater_TheNodeIsFoundThen()
    {
        var identity = NodeIdentity.Generate();
        var first = await StartAsync(1, s_secret, identity: identity);
        await first.Transport.DisposeAsync();
        var node = await StartAsync(2, s_secret, first.Address);
        Assert.Equal(AnnounceOutcome.Failed, await AnnounceAsync(node));

        var port = first.Address.Split('/')[4];
        var bootstrap = await StartAsync(1, s_secret, identity: identity, listen: $"/ip4/127.0.0.1/tcp/{port}");
        await AnnounceAsync(bootstrap);

        await Eventually.TrueAsync(
            async () => (await bootstrap.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.2"), Token)).Outcome == PeerLookupOutcome.Found, "the node is found");
    }

    private static string Rank(Node node)
    {
        var rank = new byte[AddressClaim.RankLength];
        new AddressClaim(node.Network.VirtualIps[0], node.Identity.Id, IsAutomatic: false).WriteRank(s_secret, rank);
        return Convert.ToHexString(rank);
    }

    private static ValueTask<AnnounceOutcome> AnnounceAsync(Node node) => node.Discovery.AnnounceAsync(
        new PeerMapping { Peer = node.Identity.Id, Prefixes = [new IpPrefix(node.Network.VirtualIps[0], 32)], Source = "self", Trust = MappingTrust.Authoritative }, Token);

    private async Task<Node> StartAsync(int number, NetworkKey? key, string? bootstrap = null, NodeIdentity? identity = null, string listen = "/ip4/127.0.0.1/tcp/0")
    {
        identity ??= NodeIdentity.Generate();
        _identities.Add(identity);
        var transport = new Libp2pTransport(
            new Libp2pTransportOptions { Dht = DhtMode.Auto }, identity, NoSubnets.Instance, TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters());
        _held.Add(transport);
        var addresses = await transport.ListenAsync([listen], Token);
        var network = new NetworkContext
        {
            Name = "default",
            LocalPeer = identity.Id,
            VirtualIps = [VirtualIp.Parse($"10.0.0.{number}")],
            Subnets = [IpPrefix.Parse("10.0.0.0/24")],
            Key = key ?? NetworkKey.Open("default"),
            Mtu = 1400,
        };
        var discovery = new DhtDiscovery(
            new DhtOptions { Bootstrap = bootstrap is null ? [] : [bootstrap] }, network, identity, DhtNode.Ed25519, NoSubnets.Instance, TimeProvider.System,
            NullLoggerFactory.Instance, new ScopedMeters(), transport, transport);
        _held.Add(discovery);
        return new Node(identity, network, transport, discovery, $"{addresses[0]}/p2p/{identity.Id}");
    }

    private sealed record Node(NodeIdentity Identity, NetworkContext Network, Libp2pTransport Transport, DhtDiscovery Discovery, string Address);

    private sealed class Anything : IRecordValidator
    {
        public bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => true;

        public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values) => 0;
    }
}
