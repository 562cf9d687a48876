using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Tests.Routing;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>A network with a registry: its word is final.</summary>
public sealed class RegistryTests
{
    private const string Refused = "subnetvpn.discovery.mappings_refused";

    private static readonly PeerId s_two = TestPeers.Create(2);
    private static readonly PeerId s_three = TestPeers.Create(3);

    private readonly MemoryNetwork _network = new(TimeProvider.System);
    private readonly TestRegistry _registry = new();
    private readonly ScopedMeters _meters = new();
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_OurAddressIsAnothers_FailsAndSaysWhose()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", registry: _registry);
        _registry.Give("10.0.0.1", s_two);

        var exception = await Assert.ThrowsAsync<VpnException>(() => node.StartAsync());

        Assert.Equal(VpnErrorReason.Discovery, exception.Reason);
        Assert.Contains($"the registry gives the virtual IP 10.0.0.1 to {s_two}, not to this node ({node.Peer})", exception.Message, StringComparison.Ordinal);
        Assert.Equal(VpnServiceState.Failed, node.Service.State);
    }

    [Fact]
    public async Task Start_OurAddressIsUnknownOrCannotBeAsked_FailsAndSaysSo()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", registry: _registry);
        var unknown = await Assert.ThrowsAsync<VpnException>(() => node.StartAsync());
        _registry.Fault = "it is down";

        var fault = await Assert.ThrowsAsync<VpnException>(() => node.Service.StartAsync(Token));

        Assert.Contains("the registry does not know the virtual IP 10.0.0.1", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("could not be asked who holds the virtual IP 10.0.0.1: it is down", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watcher_ClaimsWhatIsAnothersOrUnknown_IsRefusedAndCounted()
    {
        await using var node = Create();
        using var probe = new MetricProbe(_meters);
        _registry.Give("10.0.0.2", s_two);
        _registry.Give("192.168.7.0/24", s_two);
        node.Discovery.Tell(Claim(s_three, "static", "10.0.0.2", "10.0.0.3", "192.168.7.0/25"));
        node.Discovery.Tell(Claim(s_two, "static", "10.0.0.2", "192.168.7.0/24", "192.168.0.0/16"));
        await StartAsync(node);
        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Count == 1);

        var resolution = await ResolveAsync(node, "10.0.0.2");

        Assert.Equal(["10.0.0.2/32", "192.168.7.0/24"], node.Service.GetSnapshot().Peers[0].Prefixes.Select(static prefix => prefix.ToString()).Order());
        Assert.Equal((s_two, s_two), (resolution.InUse!.Mapping.Peer, resolution.Registration!.Mapping!.Peer));
        Assert.Equal(
            new RefusedClaim(IpPrefix.Parse("10.0.0.2/32"), s_three, "static", MappingTrust.Authoritative, MappingRefusal.RegisteredToAnother, s_two), Assert.Single(resolution.Refused));
        Assert.Equal((2, 2), (probe.Sum(Refused, "reason=registered_to_another"), probe.Sum(Refused, "reason=not_registered")));
    }

    [Fact]
    public async Task Watcher_RoutesEverything_GetsNoUnknownAddressOfTheSubnet()
    {
        await using var node = Create();
        _registry.Give("0.0.0.0/0", s_two);
        node.Discovery.Tell(Claim(s_two, "static", "0.0.0.0/0"));
        await StartAsync(node);
        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Count == 1);

        Assert.Equal(PacketDropReason.NoRoute, await SendAsync(node, "10.0.0.9"));
        Assert.Null((await ResolveAsync(node, "10.0.0.9")).InUse);
        Assert.Equal(s_two, (await ResolveAsync(node, "192.168.7.1")).InUse!.Mapping.Peer);
    }

    [Fact]
    public async Task Lookup_SourceNamesAnother_TheRightOneIsUsed()
    {
        await using var node = Create();
        using var probe = new MetricProbe(_meters);
        _registry.Give("10.0.0.9", s_two);
        node.Discovery.Answer = static _ => new(PeerLookup.Found(Claim(s_three, "dht", "10.0.0.9")));
        await StartAsync(node);

        var resolution = await ResolveAsync(node, "10.0.0.9");

        Assert.Equal((s_two, "registry"), (resolution.InUse!.Mapping.Peer, resolution.InUse.Mapping.Source));
        Assert.Equal((MappingRefusal.RegisteredToAnother, s_two), Assert.Single(resolution.Answers.Select(static answer => (answer.Refusal!.Value, answer.Holder!.Value))));
        Assert.Equal(1, probe.Sum(Refused, "reason=registered_to_another"));
    }

    [Fact]
    public async Task Lookup_StrangerWhoseAddressIsRegistered_IsLetInWithoutAKey()
    {
        await using var node = Create();
        _registry.Give("10.0.0.9", s_two);
        node.Discovery.Answer = static _ => new(PeerLookup.Found(Mappings.Make(s_two, "mdns", MappingTrust.Hearsay, "10.0.0.9")));
        await StartAsync(node);

        Assert.Equal((s_two, "mdns"), (await ResolveAsync(node, "10.0.0.9")).InUse is { Mapping: var used } ? (used.Peer, used.Source) : default);
    }

    [Fact]
    public async Task Lookup_NotRegistered_IsNotRoutedAndNoSourceIsAsked()
    {
        await using var node = Create();
        node.Discovery.Answer = static _ => new(PeerLookup.Found(Claim(s_three, "dht", "10.0.0.9")));
        await StartAsync(node);

        var reason = await SendAsync(node, "10.0.0.9");

        Assert.Equal((PacketDropReason.NoRoute, 0), (reason, node.Discovery.Questions));
        var resolution = await ResolveAsync(node, "10.0.0.9");
        Assert.Null(resolution.InUse);
        Assert.Equal((SourceOutcome.NotFound, "not in the book"), (resolution.Registration!.Outcome, resolution.Registration.Detail));
        Assert.Equal(MappingRefusal.NotRegistered, Assert.Single(resolution.Answers).Refusal);
    }

    [Fact]
    public async Task Registry_ChangesItsWord_RoutesFollow()
    {
        await using var node = Create();
        _registry.Give("10.0.0.9", s_two);
        node.Discovery.Tell(Claim(s_two, "static", "10.0.0.9"));
        node.Discovery.Tell(Claim(s_three, "mdns", "10.0.0.9"));
        await StartAsync(node);
        await Eventually.TrueAsync(() => HolderOf(node) == s_two);

        _registry.Fault = "it is down";
        // Two claims, each at least once.
        var before = _registry.Questions;
        await RecheckUntilAsync(() => _registry.Questions >= before + 4);
        Assert.Equal(s_two, HolderOf(node));
        _registry.Fault = null;
        _registry.Give("10.0.0.9", s_three);
        await RecheckUntilAsync(() => HolderOf(node) == s_three);
        _registry.Take("10.0.0.9");
        await RecheckUntilAsync(() => node.Service.GetSnapshot().Peers.Count == 0);
    }

    private static PeerMapping Claim(PeerId peer, string source, params string[] prefixes) => Mappings.Make(peer, source, MappingTrust.Authoritative, prefixes);

    private static PeerId? HolderOf(TestNode node) => node.Service.GetSnapshot().Peers is [{ Prefixes.Count: 1 } peer] ? peer.Peer : null;

    private static async Task<AddressResolution> ResolveAsync(TestNode node, string address) =>
        (await node.Service.ResolveAsync(VirtualIp.Parse(address), Token).WithinSafetyLimitAsync())!;

    private static async Task<PacketDropReason> SendAsync(TestNode node, string address)
    {
        var packet = node.Pool.Rent(1400);
        packet.Set(UdpPacket.Make(node.Address, VirtualIp.Parse(address), 1, 2, 1));
        return await node.Service.DispatchAsync(packet, Token).WithinSafetyLimitAsync();
    }

    // Time passes until the registry was asked, and its answer has come in time.
    private Task RecheckUntilAsync(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(30));
        return condition();
    });

    private TestNode Create() => new(_network, "node", "10.0.0.1", meters: _meters, registry: _registry, time: _time);

    private async Task StartAsync(TestNode node)
    {
        _registry.Give("10.0.0.1", node.Peer);
        await node.StartAsync();
    }
}
