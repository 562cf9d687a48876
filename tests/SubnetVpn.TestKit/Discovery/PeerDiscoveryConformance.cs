using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.TestKit.Discovery;

/// <summary>What every <see cref="IPeerDiscovery"/> must do. Inherit it and say how to make one that can find given peers.</summary>
public abstract class PeerDiscoveryConformance
{
    /// <summary>Milliseconds after which a test is given up.</summary>
    protected const int Limit = 60_000;

    /// <summary>The network of the node that asks: 10.0.0.0/24 and fd00::/64, of which it holds 10.0.0.1 and fd00::1.</summary>
    protected static NetworkContext Network { get; } = new()
    {
        Name = "default",
        LocalPeer = TestPeers.Create(1),
        VirtualIps = [VirtualIp.Parse("10.0.0.1"), VirtualIp.Parse("fd00::1")],
        Subnets = [IpPrefix.Parse("10.0.0.0/24"), IpPrefix.Parse("fd00::/64")],
        Mtu = 1400,
    };

    /// <summary>The peers to be found: one with both families, one with a subnet behind it.</summary>
    protected static IReadOnlyList<PeerMapping> Known { get; } =
    [
        Mapping(2, "10.0.0.2/32", "fd00::2/128"),
        Mapping(3, "10.0.0.3/32", "192.168.7.0/24"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Whether the source knows of subnets behind peers. Default: yes.</summary>
    protected virtual bool FindsRoutes => true;

    /// <summary>Makes the discovery of the node of <see cref="Network"/>, which must find the peers of <see cref="Known"/>.</summary>
    protected abstract ValueTask<IPeerDiscovery> CreateAsync();

    [Theory(Timeout = Limit)]
    [InlineData("10.0.0.2", 2)]
    [InlineData("fd00::2", 2)]
    [InlineData("10.0.0.3", 3)]
    [InlineData("192.168.7.0", 3)]
    [InlineData("192.168.7.255", 3)]
    public async Task FindPeer_Known_IsFound(string address, int peer)
    {
        Assert.SkipUnless(FindsRoutes || Network.Subnets.Any(subnet => subnet.Contains(VirtualIp.Parse(address))), "This source knows of single addresses only.");
        var discovery = await CreateAsync();

        var lookup = await discovery.FindPeerAsync(VirtualIp.Parse(address), Token);

        Assert.Equal(PeerLookupOutcome.Found, lookup.Outcome);
        Assert.Equal(TestPeers.Create(peer), lookup.Mapping!.Peer);
        Assert.Contains(lookup.Mapping.Prefixes, prefix => prefix.Contains(VirtualIp.Parse(address)));
        Assert.False(string.IsNullOrEmpty(lookup.Mapping.Source));
        Assert.True(lookup.Mapping.TimeToLive > TimeSpan.Zero || lookup.Mapping.TimeToLive == Timeout.InfiniteTimeSpan);
    }

    [Theory(Timeout = Limit)]
    [InlineData("10.0.0.99")]
    [InlineData("192.168.8.0")]
    [InlineData("fd00::99")]
    [InlineData("10.0.0.1")]
    public async Task FindPeer_NobodyElseHoldsIt_IsNotFound(string address)
    {
        var discovery = await CreateAsync();

        var lookup = await discovery.FindPeerAsync(VirtualIp.Parse(address), Token);

        Assert.Equal(PeerLookupOutcome.NotFound, lookup.Outcome);
        Assert.Null(lookup.Mapping);
    }

    [Fact(Timeout = Limit)]
    public async Task FindPeer_ManyAtOnce_AllAreAnswered()
    {
        var discovery = await CreateAsync();

        var lookups = await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
            Task.Run(async () => await discovery.FindPeerAsync(VirtualIp.Parse(number % 2 == 0 ? "10.0.0.2" : "10.0.0.99"), Token), Token)));

        Assert.Equal(50, lookups.Count(static lookup => lookup.Outcome == PeerLookupOutcome.Found));
        Assert.Equal(50, lookups.Count(static lookup => lookup.Outcome == PeerLookupOutcome.NotFound));
    }

    [Fact(Timeout = Limit)]
    public async Task FindPeer_Cancelled_Throws()
    {
        var discovery = await CreateAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.2"), cancelled.Token));
    }

    [Fact(Timeout = Limit)]
    public async Task Announce_TwiceWithOurOwn_IsNotRefused()
    {
        var discovery = await CreateAsync();
        var self = Mapping(1, "10.0.0.1/32", "fd00::1/128");

        var outcomes = new[] { await discovery.AnnounceAsync(self, Token), await discovery.AnnounceAsync(self, Token) };

        Assert.All(outcomes, static outcome => Assert.True(outcome is AnnounceOutcome.Announced or AnnounceOutcome.NotSupported, $"{outcome}"));
    }

    [Fact(Timeout = Limit)]
    public async Task Announce_Cancelled_Throws()
    {
        var discovery = await CreateAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await discovery.AnnounceAsync(Known[0], cancelled.Token));
    }

    [Fact(Timeout = Limit)]
    public async Task Watch_YieldsWhatIsKnown()
    {
        var discovery = await CreateAsync();
        Assert.SkipUnless(discovery is IPeerWatcher, "This source does not learn of peers by itself.");

        var missing = Known.Select(static mapping => mapping.Peer).ToHashSet();
        await foreach (var change in ((IPeerWatcher)discovery).WatchAsync(Token))
        {
            Assert.Equal(PeerChangeKind.Found, change.Kind);
            Assert.NotEqual(Network.LocalPeer, change.Mapping.Peer);
            if (missing.Remove(change.Mapping.Peer) && missing.Count == 0)
                break;
        }

        Assert.Empty(missing);
    }

    [Fact(Timeout = Limit)]
    public async Task Watch_Cancelled_Ends()
    {
        var discovery = await CreateAsync();
        Assert.SkipUnless(discovery is IPeerWatcher, "This source does not learn of peers by itself.");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        try
        {
            await foreach (var change in ((IPeerWatcher)discovery).WatchAsync(cancelled.Token))
                Assert.Fail($"It went on after it was cancelled: {change}");
        }
        catch (OperationCanceledException)
        {
            // As good an end as another.
        }
    }

    private static PeerMapping Mapping(int peer, params string[] prefixes) => new()
    {
        Peer = TestPeers.Create(peer),
        Prefixes = [.. prefixes.Select(IpPrefix.Parse)],
        Addresses = [$"/ip4/198.18.0.{peer}/tcp/4001"],
        Source = "conformance",
        Trust = MappingTrust.Authoritative,
    };
}
