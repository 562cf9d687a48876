using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Static;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryStatic;

public sealed class StaticDiscoveryTests
{
    private static readonly PeerId s_self = TestPeers.Create(1);
    private static readonly PeerId s_two = TestPeers.Create(2);
    private static readonly PeerId s_three = TestPeers.Create(3);
    private readonly RecordingLogger<StaticDiscovery> _logger = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindPeer_Answer_IsTheOperatorsWord()
    {
        var discovery = Create(new StaticPeerOptions { Id = s_two, VirtualIps = [Ip("10.0.0.2")], Addresses = [PeerAddress.Parse("/memory/2")] });

        var mapping = (await discovery.FindPeerAsync(Ip("10.0.0.2"), Token)).Mapping!;

        Assert.Equal((s_two, "static", MappingTrust.Authoritative, Timeout.InfiniteTimeSpan), (mapping.Peer, mapping.Source, mapping.Trust, mapping.TimeToLive));
        Assert.Equal(["/memory/2"], mapping.Addresses);
        Assert.Equal(AnnounceOutcome.NotSupported, await discovery.AnnounceAsync(mapping, Token));
    }

    [Fact]
    public async Task FindPeer_SeveralRoutes_TheLongestWins()
    {
        var discovery = Create(
            new StaticPeerOptions { Id = s_two, Routes = [IpPrefix.Parse("0.0.0.0/0"), IpPrefix.Parse("192.168.0.0/16")] },
            new StaticPeerOptions { Id = s_three, Routes = [IpPrefix.Parse("192.168.7.0/24")] });

        Assert.Equal(s_three, (await discovery.FindPeerAsync(Ip("192.168.7.9"), Token)).Mapping?.Peer);
        Assert.Equal(s_two, (await discovery.FindPeerAsync(Ip("192.168.8.9"), Token)).Mapping?.Peer);
        Assert.Equal(s_two, (await discovery.FindPeerAsync(Ip("1.1.1.1"), Token)).Mapping?.Peer);
        Assert.Equal(PeerLookupOutcome.NotFound, (await discovery.FindPeerAsync(Ip("fd00::9"), Token)).Outcome);
    }

    [Fact]
    public async Task Create_OwnEntry_IsLeftOutAndLogged()
    {
        var discovery = Create(new StaticPeerOptions { Id = s_self, VirtualIps = [Ip("10.0.0.1")] }, new StaticPeerOptions { Id = s_two, VirtualIps = [Ip("10.0.0.2")] });

        Assert.Equal([s_two], await WatchAsync(discovery));
        Assert.Contains(s_self.ToString(), Assert.Single(_logger.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_PeerOfAnotherNetwork_IsLeftOutAndLogged()
    {
        var discovery = Create(
            new StaticPeerOptions { Id = s_two, VirtualIps = [Ip("10.9.0.2")], Routes = [IpPrefix.Parse("192.168.7.0/24")] },
            new StaticPeerOptions { Id = s_three, VirtualIps = [Ip("10.9.0.3"), Ip("10.0.0.3")] });

        Assert.Equal([s_three], await WatchAsync(discovery));
        Assert.Equal(PeerLookupOutcome.NotFound, (await discovery.FindPeerAsync(Ip("192.168.7.1"), Token)).Outcome);
        Assert.Equal(PeerLookupOutcome.NotFound, (await discovery.FindPeerAsync(Ip("10.9.0.3"), Token)).Outcome);
        Assert.Equal(2, _logger.Messages.Count);
        Assert.All(_logger.Messages, static message => Assert.Contains("10.9.0.", message, StringComparison.Ordinal));
    }

    [Fact]
    public void Create_PeerHoldsOurAddress_ThrowsConfigurationError()
    {
        var exception = Assert.Throws<VpnException>(() => Create(new StaticPeerOptions { Id = s_two, VirtualIps = [Ip("10.0.0.1")] }));

        Assert.Equal(VpnErrorReason.Configuration, exception.Reason);
        Assert.Contains("10.0.0.1", exception.Message, StringComparison.Ordinal);
        Assert.Contains(s_two.ToString(), exception.Message, StringComparison.Ordinal);
    }

    private static VirtualIp Ip(string text) => VirtualIp.Parse(text);

    private static async Task<List<PeerId>> WatchAsync(StaticDiscovery discovery)
    {
        var peers = new List<PeerId>();
        // Ends by itself: nothing will ever change.
        await foreach (var change in discovery.WatchAsync(Token))
            peers.Add(change.Mapping.Peer);
        return peers;
    }

    private StaticDiscovery Create(params StaticPeerOptions[] peers) => new(
        new StaticDiscoveryOptions { Peers = peers },
        new NetworkContext { Name = "default", LocalPeer = s_self, VirtualIps = [Ip("10.0.0.1")], Subnets = [IpPrefix.Parse("10.0.0.0/24")], Mtu = 1400 },
        _logger);

    private sealed class RecordingLogger<T> : ILogger<T>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));
    }
}
