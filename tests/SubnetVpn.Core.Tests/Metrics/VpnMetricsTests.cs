using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Tests.Packets;

namespace SubnetVpn.Core.Tests.Metrics;

public sealed class VpnMetricsTests : IDisposable
{
    private static readonly PeerId Peer = PeerId.Parse("12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5");

    private readonly TestMeterFactory _meters = new();
    private readonly VpnMetrics _metrics;

    public VpnMetricsTests() => _metrics = new VpnMetrics(_meters, "default");

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void GetSnapshot_Fresh_IsEmpty()
    {
        var snapshot = _metrics.GetSnapshot();

        Assert.Equal((0, 0, 0, 0), (snapshot.PacketsSent, snapshot.BytesSent, snapshot.PacketsReceived, snapshot.BytesReceived));
        Assert.Empty(snapshot.OutboundDrops);
        Assert.Empty(snapshot.InboundDrops);
        Assert.Empty(snapshot.StreamErrors);
        Assert.Equal((0, 0, 0, 0), (snapshot.StreamsCreated, snapshot.StreamsClosed, snapshot.ActiveStreams, snapshot.ActiveWorkers));
    }

    [Fact]
    public void GetSnapshot_AfterEvents_CountsEach()
    {
        _metrics.PacketsSent(3, 3000);
        _metrics.PacketsSent(1, 100);
        _metrics.PacketsReceived(2, 500);
        _metrics.PacketDropped(PacketDropReason.NoRoute, inbound: false);
        _metrics.PacketDropped(PacketDropReason.SpoofedSource, inbound: true);
        _metrics.PacketDropped(PacketDropReason.SpoofedSource, inbound: true);
        _metrics.StreamError("invalid_length");
        _metrics.StreamCreated(Peer);
        _metrics.StreamCreated(Peer);
        _metrics.StreamClosed(Peer);
        _metrics.ObserveActiveWorkers(static () => 7);

        var snapshot = _metrics.GetSnapshot();

        Assert.Equal((4, 3100, 2, 500), (snapshot.PacketsSent, snapshot.BytesSent, snapshot.PacketsReceived, snapshot.BytesReceived));
        Assert.Equal((PacketDropReason.NoRoute, 1), Assert.Single(snapshot.OutboundDrops.Select(static drop => (drop.Key, drop.Value))));
        Assert.Equal((PacketDropReason.SpoofedSource, 2), Assert.Single(snapshot.InboundDrops.Select(static drop => (drop.Key, drop.Value))));
        Assert.Equal(("invalid_length", 1), Assert.Single(snapshot.StreamErrors.Select(static error => (error.Key, error.Value))));
        Assert.Equal((2, 1, 1, 7), (snapshot.StreamsCreated, snapshot.StreamsClosed, snapshot.ActiveStreams, snapshot.ActiveWorkers));
    }

    [Fact]
    public void PacketDropped_EveryReason_IsCounted()
    {
        foreach (var reason in Enum.GetValues<PacketDropReason>())
            _metrics.PacketDropped(reason, inbound: true);

        Assert.Equal(Enum.GetValues<PacketDropReason>().Length, _metrics.GetSnapshot().InboundDrops.Count);
    }

    [Fact]
    public void Instruments_AfterEvents_ShowTheSame()
    {
        using var collector = new Collector(_meters);
        _metrics.PacketsSent(3, 3000);
        _metrics.PacketsReceived(2, 500);
        _metrics.PacketDropped(PacketDropReason.PortNotAllowed, inbound: true);
        _metrics.PacketDropped(PacketDropReason.NoRoute, inbound: false);
        _metrics.StreamError("truncated");
        _metrics.StreamCreated(Peer);
        _metrics.StreamCreated(Peer);
        _metrics.StreamClosed(Peer);
        _metrics.ObserveActiveWorkers(static () => 4);

        // Those of the instruments that always show, and stand at zero here, have tests of their own.
        var values = collector.Collect().Where(static value => value.Value != 0);

        Assert.Equal(
            [
                ("subnetvpn.bytes.received", "network=default", 500),
                ("subnetvpn.bytes.sent", "network=default", 3000),
                ("subnetvpn.packets.dropped", "direction=inbound,network=default,reason=port_not_allowed", 1),
                ("subnetvpn.packets.dropped", "direction=outbound,network=default,reason=no_route", 1),
                ("subnetvpn.packets.received", "network=default", 2),
                ("subnetvpn.packets.sent", "network=default", 3),
                ("subnetvpn.streams.active", $"network=default,peer={Peer}", 1),
                ("subnetvpn.streams.closed", $"network=default,peer={Peer}", 1),
                ("subnetvpn.streams.created", $"network=default,peer={Peer}", 2),
                ("subnetvpn.streams.errors", "network=default,reason=truncated", 1),
                ("subnetvpn.workers.active", "network=default", 4),
            ],
            values.Order());
    }

    [Fact]
    public void Dispose_NetworkStartedAgain_ShowsOnlyTheNewCounters()
    {
        using var collector = new Collector(_meters);
        _metrics.PacketsSent(5, 50);
        _metrics.Dispose();
        using var again = new VpnMetrics(_meters, "default");
        again.PacketsSent(1, 10);

        var values = collector.Collect();

        Assert.Equal(("subnetvpn.packets.sent", "network=default", 1), Assert.Single(values, static value => value.Name == "subnetvpn.packets.sent"));
        Assert.Equal(5, _metrics.GetSnapshot().PacketsSent);
    }

    [Fact]
    public void StreamError_TooManyNames_AreCountedTogether()
    {
        for (var index = 0; index < 100; index++)
            _metrics.StreamError($"error_{index}");

        var errors = _metrics.GetSnapshot().StreamErrors;

        Assert.Equal(65, errors.Count);
        Assert.Equal(36, errors["other"]);
        Assert.Equal(100, errors.Values.Sum());
    }

    [Fact]
    public void StreamCreated_TooManyPeers_AreCountedTogether()
    {
        using var collector = new Collector(_meters);
        foreach (var id in TestPeerIds.Make(300))
            _metrics.StreamCreated(id);

        var values = collector.Collect().Where(static value => value.Name == "subnetvpn.streams.created").ToList();

        Assert.Equal(257, values.Count);
        Assert.Contains(("subnetvpn.streams.created", "network=default,peer=other", 44), values);
        Assert.Equal(300, _metrics.GetSnapshot().ActiveStreams);
    }

    [Fact]
    public async Task Counters_ManyThreads_LoseNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var round = 0; round < 50_000; round++)
            {
                _metrics.PacketsSent(1, 2);
                _metrics.PacketDropped(PacketDropReason.NoRoute, inbound: thread % 2 == 0);
                _metrics.StreamError(round % 2 == 0 ? "truncated" : "invalid_length");
                _metrics.StreamCreated(Peer);
                _metrics.StreamClosed(Peer);
            }
        })));

        var snapshot = _metrics.GetSnapshot();
        Assert.Equal((200_000, 400_000), (snapshot.PacketsSent, snapshot.BytesSent));
        Assert.Equal((100_000, 100_000), (snapshot.InboundDrops[PacketDropReason.NoRoute], snapshot.OutboundDrops[PacketDropReason.NoRoute]));
        Assert.Equal((100_000, 100_000), (snapshot.StreamErrors["truncated"], snapshot.StreamErrors["invalid_length"]));
        Assert.Equal((200_000, 0), (snapshot.StreamsCreated, snapshot.ActiveStreams));
    }

    [Fact]
    public void Counters_OfThePacketPath_AllocateNothing()
    {
        Allocations.AssertNone(() =>
        {
            _metrics.PacketsSent(1, 2);
            _metrics.PacketsReceived(1, 2);
            _metrics.PacketDropped(PacketDropReason.NoRoute, inbound: true);
            _metrics.StreamError("truncated");
        });
    }
}
