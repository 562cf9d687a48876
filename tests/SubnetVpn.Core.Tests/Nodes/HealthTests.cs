using SubnetVpn.Core.Configuration;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

public sealed class HealthTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(100);

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Checker_PeerThatAnswers_FindsEveryStreamHealthy()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: Often);
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);

        await Eventually.TrueAsync(() => Health(a).Checks >= 3);

        Assert.Equal((0, 0), (Health(a).Failures, Health(a).Replacements));
        Assert.All(a.Service.GetSnapshot().Peers[0].Streams, static stream => Assert.NotNull(stream.RoundTripTime));
    }

    [Fact]
    public async Task Checker_PeerThatNeverAnswers_ReplacesTheStreamAfterSeveralFailures()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: static settings => Often(settings) with { MaxConsecutiveFailures = 3, WarmInterval = s_soon });
        await using var peer = new RawPeer(_network, "peer", "/vpn/2.0.0");
        await StartAsync(node, peer);
        node.Tun.Send(UdpPacket.Make(node.Address, VirtualIp.Parse("10.0.0.2"), 1, 2, 7));
        var first = await peer.AcceptAsync();

        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(first));
        await peer.AcceptAsync();

        Assert.InRange(Health(node).Failures, 3, long.MaxValue);
        Assert.InRange(Health(node).Replacements, 1, long.MaxValue);
        Assert.InRange(node.Service.GetMetrics().StreamErrors.GetValueOrDefault("unhealthy"), 1, long.MaxValue);
    }

    // The original wrote the four bytes PING to a stream that nobody answered, and that the peer took for a packet.
    [Fact]
    public async Task Checker_PeerOfTheOriginalNetwork_NeverSeesAPing()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: Often);
        await using var peer = new RawPeer(_network, "peer", "/vpn/1.0.0");
        await StartAsync(node, peer);
        var packet = UdpPacket.Make(node.Address, VirtualIp.Parse("10.0.0.2"), 1, 2, 7);
        node.Tun.Send(packet);
        var stream = await peer.AcceptAsync();

        await Eventually.TrueAsync(() => Health(node).Checks >= 5);
        node.Tun.Send(packet);

        byte[] frame = [0, 0, 0, (byte)packet.Length, .. packet];
        var read = await RawPeer.ReadAsync(stream, 2 * frame.Length);
        Assert.Equal([.. frame, .. frame], read);
        Assert.Equal(0, Health(node).Failures);
    }

    [Fact]
    public async Task Warmer_PeerInUse_IsBroughtBackToTheMinimum()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: static settings => Often(settings) with { MinStreamsPerPeer = 3, WarmInterval = s_soon });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);

        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers is [{ Streams.Count: 3 }]);

        await Eventually.TrueAsync(() => Health(a).Warmed >= 1);
    }

    [Fact]
    public async Task CheckerAndWarmer_StartedAndStoppedTwice_AreSafe()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: Often);
        await a.StartAsync();
        var health = a.Service;

        health.StartChecker();
        health.StartWarmer();
        for (var i = 0; i < 2; i++)
        {
            await health.StopCheckerAsync();
            await health.StopWarmerAsync();
        }
        health.StartChecker();
        health.StartWarmer();
    }

    private static NetworkSettings Often(NetworkSettings settings) =>
        settings with { HealthCheckInterval = s_soon, HealthCheckTimeout = TimeSpan.FromMilliseconds(80), MaxConsecutiveFailures = 1000 };

    private static async Task StartAsync(TestNode node, RawPeer peer)
    {
        await peer.ListenAsync();
        await node.StartAsync();
        node.Discovery.Tell(node.Mapping with { Peer = peer.Peer, Prefixes = [IpPrefix.Parse("10.0.0.2/32")], Addresses = ["/memory/peer"] });
        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Count == 1);
    }

    private static StreamHealthSnapshot Health(TestNode node) => ((IStreamHealth)node.Service).GetMetrics();
}
