using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Tests.Routing;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Several sources in a whole node: what it uses, and what it tells of that.</summary>
public sealed class ResolutionTests
{
    private const string Refused = "subnetvpn.discovery.mappings_refused";

    private static readonly PeerId s_two = TestPeers.Create(2);
    private static readonly PeerId s_three = TestPeers.Create(3);

    // Strangers can hold addresses.
    private static readonly Func<NetworkSettings, NetworkSettings> s_open = static settings => settings with { NetworkKey = NetworkKey.Open(settings.Name) };

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resolve_UnknownAddress_AsksAndUsesTheAnswer()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        node.Discovery.Answer = static _ => new(PeerLookup.Found(Claim(s_two, "dht", MappingTrust.Signed) with { TimeToLive = TimeSpan.FromMinutes(5) }));
        await node.StartAsync();

        var resolution = await ResolveAsync(node);

        Assert.Equal((s_two, "dht", "10.0.0.9/32"), (resolution.InUse!.Mapping.Peer, resolution.InUse.Mapping.Source, resolution.InUse.Prefix.ToString()));
        Assert.True(Assert.Single(resolution.Answers).IsPicked);
        Assert.Equal([s_two], node.Service.GetSnapshot().Peers.Select(static peer => peer.Peer));
    }

    [Theory]
    [InlineData(MappingTrust.Hearsay)]
    [InlineData(MappingTrust.Signed)]
    public async Task Resolve_StrangerInANetworkWithoutAKey_IsRefused(MappingTrust trust)
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1");
        node.Discovery.Answer = _ => new(PeerLookup.Found(Claim(s_two, "dht", trust)));
        await node.StartAsync();

        var resolution = await ResolveAsync(node);

        Assert.Null(resolution.InUse);
        Assert.Equal(MappingRefusal.NotAMember, Assert.Single(resolution.Answers).Refusal);
        Assert.Empty(node.Service.GetSnapshot().Peers);
    }

    [Fact]
    public async Task Resolve_NobodyKnows_SaysSoAndUsesNothing()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        node.Discovery.Answer = static _ => new(PeerLookup.NotFound("no record"));
        await node.StartAsync();

        var resolution = await ResolveAsync(node);

        Assert.Null(resolution.InUse);
        Assert.Equal((SourceOutcome.NotFound, "no record"), Assert.Single(resolution.Answers.Select(static answer => (answer.Outcome, answer.Detail))));
    }

    [Fact]
    public async Task Resolve_AnswersOfSingleAddresses_HoldBesideEachOther()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        node.Discovery.Answer = ClaimAsked;
        await node.StartAsync();

        foreach (var address in new[] { "10.0.0.9", "10.0.0.10", "10.0.0.9" })
            await node.Service.ResolveAsync(VirtualIp.Parse(address), Token);
        var asked = Held(node);
        node.Discovery.Tell(Claim(s_two, "dht", MappingTrust.Signed) with { Prefixes = [IpPrefix.Parse("10.0.0.11/32")] });
        await Eventually.TrueAsync(() => Held(node) == "10.0.0.11/32");

        Assert.Equal("10.0.0.10/32 10.0.0.9/32", asked);
    }

    [Fact]
    public async Task Resolve_PeerThatClaimsOneAddressAfterTheOther_IsNotRememberedWithoutEnd()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        node.Discovery.Answer = ClaimAsked;
        await node.StartAsync();

        for (var number = 2; number < 100; number++)
            await node.Service.ResolveAsync(VirtualIp.Parse($"10.0.0.{number}"), Token);

        Assert.Equal(16, Held(node).Split(' ').Length);
    }

    [Fact]
    public async Task Resolve_OurOwn_AsksNobody()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        await node.StartAsync();

        var resolution = (await node.Service.ResolveAsync(node.Address, Token))!;

        Assert.True(resolution.IsOurs);
        Assert.Equal((0, 0), (resolution.Answers.Count, node.Discovery.Questions));
    }

    [Fact]
    public async Task Resolve_NetworkStopped_IsNull()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);

        Assert.Null(await node.Service.ResolveAsync(VirtualIp.Parse("10.0.0.9"), Token));
    }

    [Fact]
    public async Task Watcher_LessTrustedClaim_NeverReplacesAndIsCountedOnce()
    {
        var meters = new ScopedMeters();
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open, meters: meters);
        using var probe = new MetricProbe(meters);
        node.Discovery.Tell(Claim(s_two, "static", MappingTrust.Authoritative));
        node.Discovery.Tell(Claim(s_three, "mdns", MappingTrust.Signed));
        node.Discovery.Tell(Claim(s_three, "mdns", MappingTrust.Signed));
        node.Discovery.Tell(Claim(s_three, "mdns", MappingTrust.Signed, "10.0.0.3"));
        node.Discovery.Tell(Claim(s_three, "mdns", MappingTrust.Signed));
        // The last word of the watcher, by which we know that all was heard.
        node.Discovery.Tell(Claim(TestPeers.Create(4), "mdns", MappingTrust.Signed, "10.0.0.4"));
        node.Discovery.Answer = static _ => new(PeerLookup.Found(Claim(s_three, "dht", MappingTrust.Signed)));
        await node.StartAsync();
        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Any(static peer => peer.Peer == TestPeers.Create(4)));

        var told = probe.Sum(Refused, "reason=less_trusted");
        var resolution = await ResolveAsync(node);

        Assert.Equal(s_two, resolution.InUse!.Mapping.Peer);
        // Told anew after it was taken back.
        Assert.Equal(2, told);
        Assert.Equal(3, probe.Sum(Refused, "reason=less_trusted"));
        Assert.Equal(new RefusedClaim(IpPrefix.Parse("10.0.0.9/32"), s_three, "mdns", MappingTrust.Signed, MappingRefusal.LessTrusted, s_two), Assert.Single(resolution.Refused));
        Assert.Equal((MappingRefusal.LessTrusted, s_two), Assert.Single(resolution.Answers.Select(static answer => (answer.Refusal!.Value, answer.Holder!.Value))));
    }

    [Fact]
    public async Task Watcher_HolderGoes_TheOtherClaimHolds()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        node.Discovery.Tell(Claim(s_two, "static", MappingTrust.Authoritative));
        node.Discovery.Tell(Claim(s_three, "mdns", MappingTrust.Signed));
        node.Discovery.Tell(Claim(s_two, "static", MappingTrust.Authoritative), PeerChangeKind.Lost);
        await node.StartAsync();

        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers is [{ Prefixes.Count: 1 } peer] && peer.Peer == s_three);
    }

    [Fact]
    public async Task Watcher_SamePeerOfTwoSources_IsDialledAtTheAddressesOfBoth()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        node.Discovery.Tell(Claim(s_two, "mdns", MappingTrust.Signed));
        node.Discovery.Tell(Claim(s_two, "static", MappingTrust.Authoritative));
        await node.StartAsync();

        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers is [{ Source: "static" }]);

        Assert.Equal(["/memory/static", "/memory/mdns"], node.Service.GetSnapshot().Peers[0].Addresses);
    }

    [Fact]
    public async Task Watcher_TellsOnlyWhereAPeerIs_AddsAddressesToOneThatIsMapped()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        node.Discovery.Tell(Claim(s_two, "mdns", MappingTrust.Signed) with { Prefixes = [] });
        node.Discovery.Tell(Claim(s_three, "mdns", MappingTrust.Signed) with { Prefixes = [] });
        node.Discovery.Tell(Claim(s_two, "static", MappingTrust.Authoritative));
        await node.StartAsync();

        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers is [{ Source: "static", Addresses.Count: 2 }]);
        node.Discovery.Tell(Claim(s_two, "static", MappingTrust.Authoritative), PeerChangeKind.Lost);

        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Count == 0);
    }

    [Fact]
    public async Task Inbound_PeerThatRoutesEverything_CannotSendFromOurAddress()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: s_open);
        await using var peer = new RawPeer(_network, "peer");
        node.Discovery.Tell(Mappings.Make(peer.Peer, "static", MappingTrust.Authoritative, "0.0.0.0/0"));
        await node.StartAsync();
        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Count == 1);
        var stream = await peer.OpenAsync(node, "/vpn/1.0.0");
        var packet = UdpPacket.Make(node.Address, node.Address, 1, 2, 1);

        await RawPeer.WriteAsync(stream, [0, 0, 0, (byte)packet.Length, .. packet]);

        await Eventually.TrueAsync(() => node.Service.GetMetrics().InboundDrops.GetValueOrDefault(PacketDropReason.SpoofedSource) == 1);
    }

    // A source that knows of single addresses: the peer has whichever is asked for.
    private static ValueTask<PeerLookup> ClaimAsked(VirtualIp address) => new(PeerLookup.Found(Claim(s_two, "dht", MappingTrust.Signed) with
    {
        Prefixes = [new IpPrefix(address, address.BitLength)],
        TimeToLive = TimeSpan.FromMinutes(5),
    }));

    private static PeerMapping Claim(PeerId peer, string source, MappingTrust trust, string address = "10.0.0.9") => Mappings.Make(peer, source, trust, address);

    private static string Held(TestNode node) =>
        string.Join(' ', node.Service.GetSnapshot().Peers.SelectMany(static peer => peer.Prefixes).Select(static prefix => prefix.ToString()).Order(StringComparer.Ordinal));

    private static async Task<AddressResolution> ResolveAsync(TestNode node) =>
        (await node.Service.ResolveAsync(VirtualIp.Parse("10.0.0.9"), Token).WithinSafetyLimitAsync())!;
}
