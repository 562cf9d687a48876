using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

public sealed class MdnsDiscoveryTests : IAsyncDisposable
{
    private readonly MdnsNodes _nodes = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task FindPeer_NotThereYet_WaitsForItsAnswer()
    {
        var one = _nodes.Add(1, new MdnsOptions { LookupTimeout = TimeSpan.FromSeconds(10) }).Discovery;
        var lookup = one.FindPeerAsync(VirtualIp.Parse("10.0.0.2"), Token).AsTask();
        Assert.False(lookup.IsCompleted);

        await _nodes.Add(2).Discovery.AnnounceAsync(MdnsNodes.Self(2, "10.0.0.2"), Token);

        Assert.Equal(TestPeers.Create(2), (await lookup.WithinSafetyLimitAsync()).Mapping?.Peer);
    }

    [Fact]
    public async Task Watch_PeerComesClaimsNothingAndGoes_TellsEach()
    {
        var one = _nodes.Add(1).Discovery;
        await using var watch = one.WatchAsync(Token).GetAsyncEnumerator(Token);
        var two = _nodes.Add(2).Discovery;

        await two.AnnounceAsync(MdnsNodes.Self(2, "10.0.0.2"), Token);
        var found = await NextAsync(watch);
        await two.AnnounceAsync(MdnsNodes.Self(2), Token);
        var (lost, addresses) = (await NextAsync(watch), await NextAsync(watch));
        await two.DisposeAsync();
        var gone = await NextAsync(watch);

        Assert.Equal((PeerChangeKind.Found, "10.0.0.2/32"), (found.Kind, Assert.Single(found.Mapping.Prefixes).ToString()));
        Assert.Equal(PeerChangeKind.Lost, lost.Kind);
        Assert.Equal((PeerChangeKind.Found, 0, "/ip4/198.18.0.2/tcp/4001"), (addresses.Kind, addresses.Mapping.Prefixes.Count, Assert.Single(addresses.Mapping.Addresses)));
        Assert.Equal(PeerChangeKind.Lost, gone.Kind);
    }

    [Fact]
    public async Task Announce_NoLinkYet_FailsAndIsToldOnTheLinkThatComes()
    {
        var (one, _) = _nodes.Add(1);
        var (two, links) = _nodes.Add(2);
        links.Set();
        var outcome = await two.AnnounceAsync(MdnsNodes.Self(2, "10.0.0.2"), Token);
        await using var watch = one.WatchAsync(Token).GetAsyncEnumerator(Token);

        links.Set(MdnsNodes.Link(2));

        Assert.Equal(AnnounceOutcome.Failed, outcome);
        Assert.Equal(TestPeers.Create(2), (await NextAsync(watch)).Mapping.Peer);
    }

    [Fact]
    public async Task Metrics_AfterAMeeting_CountPeersAndMessages()
    {
        using var probe = new MetricProbe(_nodes.Meters);
        var one = _nodes.Add(1).Discovery;
        await using var watch = one.WatchAsync(Token).GetAsyncEnumerator(Token);

        await _nodes.Add(2).Discovery.AnnounceAsync(MdnsNodes.Self(2, "10.0.0.2"), Token);
        await NextAsync(watch);

        Assert.Equal(1, probe.Sum("subnetvpn.mdns.peers", "network=default"));
        Assert.True(probe.Sum("subnetvpn.mdns.sent", "kind=response") >= 1);
        Assert.True(probe.Sum("subnetvpn.mdns.received") >= 1);
        Assert.Equal(0, probe.Sum("subnetvpn.mdns.refusals"));
        Assert.Contains(probe.Collect(), static measured => measured.Tags.Contains("reason=too_many_peers"));
    }

    [Fact]
    public async Task Dispose_Twice_AndWithoutStart_IsSafe()
    {
        var one = _nodes.Add(1).Discovery;

        await one.DisposeAsync();
        await one.DisposeAsync();
    }

    private static async Task<PeerChange> NextAsync(IAsyncEnumerator<PeerChange> watch)
    {
        Assert.True(await watch.MoveNextAsync().WithinSafetyLimitAsync());
        return watch.Current;
    }
}
