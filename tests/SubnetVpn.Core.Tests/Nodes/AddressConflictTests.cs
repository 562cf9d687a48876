using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Tests.Addresses;
using SubnetVpn.Core.Tests.Routing;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Whole nodes that hold one address.</summary>
public sealed class AddressConflictTests
{
    private const string Disputed = "10.0.0.5";

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoNodes_AddressBothChose_OneKeepsItAndTheOtherMoves(bool isPrivate)
    {
        var key = isPrivate ? NetworkKey.FromSecret(new byte[32]) : NetworkKey.Open("default");
        var (ownerOfA, ownerOfB, meters) = (new RecordingOwner(), new RecordingOwner(), new ScopedMeters());
        await using var a = Create("a", key, isAutomatic: true, ownerOfA, meters);
        await using var b = Create("b", key, isAutomatic: true, ownerOfB, meters);
        using var probe = new MetricProbe(meters);
        await a.StartAsync();
        // Hearsay, as mDNS would have it: one of them asks the other, and both know.
        b.Discovery.Tell(a.Mapping with { Trust = MappingTrust.Hearsay });
        await b.StartAsync();

        await Eventually.TrueAsync(() => ownerOfA.History.Last is not null && ownerOfB.History.Last is not null);

        var isOfA = Claim(a, true).IsBetterThan(Claim(b, true), key);
        var (winner, loser) = isOfA ? (ownerOfA, ownerOfB) : (ownerOfB, ownerOfA);
        Assert.Equal((AddressConflictOutcome.Kept, AddressConflictOutcome.Moved), (winner.History.Last!.Outcome, loser.History.Last!.Outcome));
        await Eventually.TrueAsync(() => loser.Loss is not null);
        Assert.Null(winner.Loss);
        Assert.Equal((isOfA ? a : b).Peer, loser.Loss!.Conflict.Rival.Peer);
        Assert.Equal((1, 1), (probe.Sum("subnetvpn.address.conflicts", "outcome=kept"), probe.Sum("subnetvpn.address.conflicts", "outcome=moved")));
        Assert.True(b.Discovery.Announced!.IsAutomatic);
        Assert.Equal(a.Address, Assert.Single(a.Service.GetSnapshot().AutomaticAddresses));
    }

    [Fact]
    public async Task TwoNodes_AddressWrittenOutAtBoth_OneOfThemFailsAndSaysWhy()
    {
        var key = NetworkKey.Open("default");
        await using var a = Create("a", key, isAutomatic: false);
        await using var b = Create("b", key, isAutomatic: false);
        await a.StartAsync();
        b.Discovery.Tell(a.Mapping with { Trust = MappingTrust.Hearsay });
        await b.StartAsync();

        var (winner, loser) = Claim(a, false).IsBetterThan(Claim(b, false), key) ? (a, b) : (b, a);
        await Eventually.TrueAsync(() => loser.Service.State == VpnServiceState.Failed);

        Assert.Contains($"Network default is down, because its virtual IP {Disputed} is not its own: {winner.Peer} holds it", loser.Service.GetSnapshot().Error, StringComparison.Ordinal);
        Assert.Null(loser.Service.GetSnapshot().TunName);
        Assert.Equal(AddressConflictOutcome.Stopped, loser.Service.GetSnapshot().LastConflict!.Outcome);
        Assert.Equal(VpnServiceState.Running, winner.Service.State);
    }

    [Fact]
    public async Task Start_AutomaticAddressIsHeld_EndsWithWhoHoldsIt()
    {
        await using var node = Create("a", NetworkKey.Open("default"), isAutomatic: true);
        var holder = TestPeers.Create(7);
        node.Discovery.Answer = address => new(PeerLookup.Found(Mappings.Make(holder, "mdns", MappingTrust.Hearsay, address.ToString())));

        var taken = await Assert.ThrowsAsync<AddressTakenException>(() => node.StartAsync());

        Assert.Equal((VirtualIp.Parse(Disputed), holder, "mdns"), (taken.Address, taken.Rival.Peer, taken.Rival.Source));
        Assert.Equal(VpnServiceState.Failed, node.Service.State);
    }

    [Fact]
    public async Task Start_SomebodyForgesClaimsToAllAddresses_StartsAllTheSame()
    {
        await using var node = Create("a", NetworkKey.FromSecret(new byte[32]), isAutomatic: true);
        node.Discovery.Answer = address => new(PeerLookup.Found(Mappings.Make(TestPeers.Create(7), "mdns", MappingTrust.Hearsay, address.ToString())));

        for (var tried = 0; tried < 8; tried++)
            await Assert.ThrowsAsync<AddressTakenException>(() => node.Service.StartAsync(CancellationToken.None));
        await node.StartAsync();

        Assert.Equal(VpnServiceState.Running, node.Service.State);
    }

    [Fact]
    public async Task Start_WithARegistry_ItsWordIsFinal()
    {
        var registry = new TestRegistry();
        await using var node = Create("a", NetworkKey.Open("default"), isAutomatic: true, registry: registry);
        // Of no account.
        node.Discovery.Answer = static address => new(PeerLookup.Found(Mappings.Make(TestPeers.Create(8), "static", MappingTrust.Authoritative, address.ToString())));

        var unknown = await Assert.ThrowsAsync<VpnException>(() => node.StartAsync());
        registry.Give(Disputed, TestPeers.Create(7));
        var taken = await Assert.ThrowsAsync<AddressTakenException>(() => node.Service.StartAsync(CancellationToken.None));
        registry.Give(Disputed, node.Peer);
        await node.Service.StartAsync(CancellationToken.None);

        Assert.Contains(Disputed, unknown.Message, StringComparison.Ordinal);
        Assert.Contains(node.Peer.ToString(), unknown.Message, StringComparison.Ordinal);
        Assert.Equal((TestPeers.Create(7), "registry"), (taken.Rival.Peer, taken.Rival.Source));
        Assert.Equal(VpnServiceState.Running, node.Service.State);
    }

    [Fact]
    public async Task Start_AutomaticAddressIsOursOrNobodySays_Starts()
    {
        await using var node = Create("a", NetworkKey.Open("default"), isAutomatic: true);
        node.Discovery.Answer = address => new(PeerLookup.Found(Mappings.Make(node.Peer, "dht", MappingTrust.Signed, address.ToString())));
        await node.StartAsync();
        await node.Service.StopAsync(CancellationToken.None);
        node.Discovery.Answer = static _ => new(PeerLookup.Failed("no bootstrap answers"));

        await node.Service.StartAsync(CancellationToken.None);

        Assert.Equal(VpnServiceState.Running, node.Service.State);
    }

    [Fact]
    public async Task Watcher_AutomaticIPv6_OnlyThePeersOwnIsRouted()
    {
        var subnet = AutomaticAddress.DeriveSubnet6("default");
        await using var node = Create("a", NetworkKey.Open("default"), isAutomatic: true, withIPv6: true);
        var (two, three) = (TestPeers.Create(2), TestPeers.Create(3));
        var own = AutomaticAddress.DeriveIPv6(subnet, two);
        node.Discovery.Tell(Mappings.Make(two, "dht", MappingTrust.Member, own.ToString(), "fd1a:4572:25e6::9", "fd1a:4572:25e6::/96"));
        node.Discovery.Tell(Mappings.Make(three, "mdns", MappingTrust.Hearsay, own.ToString()));
        await node.StartAsync();
        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Count == 1);

        var resolution = (await node.Service.ResolveAsync(own, CancellationToken.None))!;

        Assert.Equal([$"{own}/128"], node.Service.GetSnapshot().Peers[0].Prefixes.Select(static prefix => prefix.ToString()));
        Assert.Equal(two, resolution.InUse!.Mapping.Peer);
        await Eventually.TrueAsync(
            async () => (await node.Service.ResolveAsync(own, CancellationToken.None))!.Refused.Any(refused => refused.Peer == three && refused.Reason == MappingRefusal.NotDerived), "the claim of another peer is refused");
    }

    private static AddressClaim Claim(TestNode node, bool isAutomatic) => new(node.Address, node.Peer, isAutomatic);

    private TestNode Create(string name, NetworkKey key, bool isAutomatic, IAddressOwner? owner = null, ScopedMeters? meters = null, bool withIPv6 = false, IAddressRegistry? registry = null) => new(
        _network, name, Disputed, meters: meters, owner: owner, registry: registry, change: settings =>
        {
            settings = settings with { NetworkKey = key, AutomaticSubnets = isAutomatic ? [IpPrefix.Parse("10.0.0.0/24")] : [] };
            if (!withIPv6)
                return settings;
            var subnet = AutomaticAddress.DeriveSubnet6("default");
            return settings with
            {
                AutomaticSubnets = [.. settings.AutomaticSubnets, subnet],
                Addresses = [.. settings.Addresses, new(AutomaticAddress.DeriveIPv6(subnet, TestPeers.Named(name)), 64)],
            };
        });
}
