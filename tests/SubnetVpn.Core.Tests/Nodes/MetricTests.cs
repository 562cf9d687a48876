using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>
/// Every metric, read back as a collector would from nodes that carry packets: the original had most of them, and nothing
/// ever counted in them; and it counted as received what it had read from its own host.
/// </summary>
public sealed class MetricTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(10);

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Packets_ThatAPeerSends_AreSentThereAndReceivedHere()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var atA = new MetricProbe(a.Meters);
        using var atB = new MetricProbe(b.Meters);
        await a.StartWithAsync(b);

        for (var i = 0; i < 5; i++)
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, i, length: 100 + i));
        for (var i = 0; i < 5; i++)
            await b.Tun.ReceiveAsync();

        // What b's host took is counted right behind it.
        await Eventually.TrueAsync(() => atB.Sum("subnetvpn.packets.received") == 5);
        Assert.Equal((5, 510), (atA.Sum("subnetvpn.packets.sent", "network=default"), atA.Sum("subnetvpn.bytes.sent", "network=default")));
        Assert.Equal(510, atB.Sum("subnetvpn.bytes.received"));
        Assert.Equal((0, 0), (atA.Sum("subnetvpn.packets.received"), atA.Sum("subnetvpn.bytes.received")));
        Assert.Equal((0, 0), (atB.Sum("subnetvpn.packets.sent"), atB.Sum("subnetvpn.bytes.sent")));
    }

    [Fact]
    public async Task Drops_OfBothDirections_HaveTheirReasons()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2", change: static settings => settings with { UnallowedPorts = new HashSet<ushort> { 22 } });
        using var atA = new MetricProbe(a.Meters);
        using var atB = new MetricProbe(b.Meters);
        await a.StartWithAsync(b);

        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 22, 0));
        a.Tun.Send(UdpPacket.Make(a.Address, VirtualIp.Parse("10.0.0.77"), 1, 2, 0));

        await Eventually.TrueAsync(() => atB.Sum("subnetvpn.packets.dropped", "direction=inbound", "reason=port_not_allowed") == 1);
        await Eventually.TrueAsync(() => atA.Sum("subnetvpn.packets.dropped", "direction=outbound", "reason=no_route") == 1);
        // Dropped by the receiver is sent all the same, and not received.
        Assert.Equal((1, 0), (atA.Sum("subnetvpn.packets.sent"), atB.Sum("subnetvpn.packets.received")));
        Assert.Equal((1, 1), (atA.Sum("subnetvpn.packets.dropped"), atB.Sum("subnetvpn.packets.dropped")));
    }

    [Fact]
    public async Task Packets_OfTheHost_AreSentOrDroppedAndEachCountedOnce()
    {
        const int flood = 3000;
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var atA = new MetricProbe(a.Meters);
        using var atB = new MetricProbe(b.Meters);
        await a.StartWithAsync(b);
        b.Tun.Blocked = new TaskCompletionSource();

        // More than queues and windows hold.
        for (var i = 0; i < flood; i++)
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, (ushort)(1 + (i % 5)), 2, i, length: 1300));
        await Eventually.TrueAsync(() => atA.Sum("subnetvpn.packets.dropped") > 0);
        b.Tun.Blocked.SetResult();
        b.Tun.Blocked = null;

        await Eventually.TrueAsync(() => atA.Sum("subnetvpn.packets.sent") + atA.Sum("subnetvpn.packets.dropped") >= flood && atA.Sum("subnetvpn.queue.packets") == 0);
        await Eventually.TrueAsync(() => atB.Sum("subnetvpn.packets.received") >= atA.Sum("subnetvpn.packets.sent"));
        Assert.Equal(flood, atA.Sum("subnetvpn.packets.sent") + atA.Sum("subnetvpn.packets.dropped"));
        Assert.Equal(atA.Sum("subnetvpn.packets.sent"), atB.Sum("subnetvpn.packets.received"));
        Assert.Equal(1300 * atA.Sum("subnetvpn.packets.sent"), atA.Sum("subnetvpn.bytes.sent"));
    }

    [Fact]
    public async Task Streams_OpenedResetAndStopped_AddUpOnBothSides()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var atA = new MetricProbe(a.Meters);
        using var atB = new MetricProbe(b.Meters);
        await a.StartWithAsync(b);
        var (peerOfA, peerOfB) = ($"peer={b.Peer}", $"peer={a.Peer}");
        // One that it opened, and one that the other did.
        await Eventually.TrueAsync(() => atA.Sum("subnetvpn.streams.active", peerOfA) == 2 && atB.Sum("subnetvpn.streams.active", peerOfB) == 2);

        Assert.True(_network.ResetStream(a.Service.GetSnapshot().Peers[0].Streams[0].Name));
        await Eventually.TrueAsync(() => atA.Sum("subnetvpn.streams.closed", peerOfA) == 1 && atB.Sum("subnetvpn.streams.closed", peerOfB) == 1);
        await Eventually.TrueAsync(() => atA.Sum("subnetvpn.streams.errors") > 0);
        await a.Service.StopAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => atB.Sum("subnetvpn.streams.active") == 0);

        Assert.Equal(0, atA.Sum("subnetvpn.streams.active"));
        Assert.True(atA.Sum("subnetvpn.streams.created") >= 2);
        Assert.Equal(atA.Sum("subnetvpn.streams.created"), atA.Sum("subnetvpn.streams.closed"));
        Assert.Equal(atB.Sum("subnetvpn.streams.created"), atB.Sum("subnetvpn.streams.closed"));
        // A stop is no error.
        Assert.DoesNotContain(atA.Collect(), static measured => measured.Name == "subnetvpn.streams.errors" && measured.Tags.Contains("reason=goodbye"));
    }

    [Fact]
    public async Task Workers_UsedAndIdle_ComeAndGo()
    {
        await using var a = new TestNode(
            _network, "a", "10.0.0.1", change: static settings => settings with { WorkerIdleTimeout = TimeSpan.FromSeconds(1), WorkerCleanupInterval = s_soon });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var probe = new MetricProbe(a.Meters);
        await a.StartWithAsync(b);

        for (ushort flow = 1; flow <= 7; flow++)
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, flow, 2, 0));
        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.workers.created", "network=default") == 7);
        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.workers.removed") == 7);

        Assert.Equal((7, 0), (probe.Sum("subnetvpn.workers.created"), probe.Sum("subnetvpn.workers.active")));
    }

    [Fact]
    public async Task WorkersActive_WhileTheyLive_IsTheirNumber()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var probe = new MetricProbe(a.Meters);
        await a.StartWithAsync(b);

        for (ushort flow = 1; flow <= 7; flow++)
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, flow, 2, 0));

        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.workers.active") == 7);
        await a.Service.StopAsync(CancellationToken.None);
        Assert.Equal(0, probe.Sum("subnetvpn.workers.active"));
    }

    [Fact]
    public async Task Pool_LentAndRefused_IsCounted()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var probe = new MetricProbe(a.Meters);
        await a.StartWithAsync(b);

        var lent = await a.Service.GetStreamAsync(b.Peer, CancellationToken.None);
        var none = await a.Service.GetStreamAsync(TestPeers.Named("nobody"), CancellationToken.None);

        Assert.NotNull(lent.Stream);
        Assert.Null(none.Stream);
        Assert.Equal((1, 1), (probe.Sum("subnetvpn.pool.acquisitions"), probe.Sum("subnetvpn.pool.failures")));
        a.Service.Release(lent.Stream, healthy: true);
    }

    [Fact]
    public async Task Health_OfPeersThatAnswerAndThatDoNot_IsCountedAndShown()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: static settings => settings with
        {
            HealthCheckInterval = TimeSpan.FromMilliseconds(1000),
            HealthCheckTimeout = TimeSpan.FromMilliseconds(900),
            MaxConsecutiveFailures = 1,
        });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await using var deaf = new RawPeer(_network, "deaf", "/vpn/2.0.0");
        using var probe = new MetricProbe(a.Meters);
        await deaf.ListenAsync();
        await a.StartWithAsync(b);
        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.health.checks") >= 1);

        Assert.Equal(0, probe.Sum("subnetvpn.health.failures"));
        Assert.Equal(0, a.Service.GetSnapshot().Peers[0].Streams[0].FailedChecks);
        Assert.NotNull(a.Service.GetSnapshot().Peers[0].Streams[0].RoundTripTime);
        a.Discovery.Tell(b.Mapping with { Peer = deaf.Peer, Prefixes = [IpPrefix.Parse("10.0.0.3/32")], Addresses = ["/memory/deaf"] });
        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.health.failures") >= 1 && probe.Sum("subnetvpn.health.replacements") >= 1);
        Assert.True(probe.Sum("subnetvpn.health.failures") < probe.Sum("subnetvpn.health.checks"));
    }

    [Fact]
    public async Task Warmer_PeerInUse_CountsWhatItOpensAndWhatItCannot()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: static settings => settings with { WarmInterval = s_soon });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var probe = new MetricProbe(a.Meters);
        await a.StartWithAsync(b);
        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, 0));
        await b.Tun.ReceiveAsync();

        Assert.Empty(a.Service.Apply(a.Service.Settings with { MinStreamsPerPeer = 3 }));
        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.health.warmed") >= 1);
        _network.Cut(a.Peer, b.Peer);

        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.health.warm_failures") >= 1);
    }

    [Fact]
    public async Task Queues_OfAPeerThatStalls_ShowDepthAndThenWait()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var probe = new MetricProbe(a.Meters);
        await a.StartWithAsync(b);
        b.Tun.Blocked = new TaskCompletionSource();

        // Until the queue is full: windows behind it are, too, and nothing moves any more.
        var number = 0;
        await Eventually.TrueAsync(() =>
        {
            for (var i = 0; i < 100; i++)
                a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, number++, length: 1300));
            return probe.Sum("subnetvpn.packets.dropped") > 0;
        });
        // Two instruments, read one after the other: they agree once nothing moves.
        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.queue.packets") >= 10 && probe.Sum("subnetvpn.queue.bytes") >= 1300 * (probe.Sum("subnetvpn.queue.packets") - 2));
        // The pool may have opened more by then.
        var stream = Assert.Single(a.Service.GetSnapshot().Peers[0].Streams, static stream => stream.QueuedPackets > 0);
        b.Tun.Blocked.SetResult();
        b.Tun.Blocked = null;
        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.queue.packets") == 0 && probe.Sum("subnetvpn.queue.bytes") == 0);

        Assert.True(stream.QueuedPackets >= 10 && stream.QueuedBytes > 10_000 && stream.QueueCapacity >= stream.QueuedPackets && stream.QueueWait is not null, $"{stream}");
        // The batch behind the stalled write waited as long as that took.
        Assert.Contains(probe.Collect(), static measured => measured is { Name: "subnetvpn.queue.wait", Value: > 0 } && measured.Tags.Contains("network=default"));
    }

    [Fact]
    public async Task Flows_ThatTakeAnotherStream_AreCounted()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: static settings => settings with { WarmInterval = s_soon });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        using var probe = new MetricProbe(a.Meters);
        await a.StartWithAsync(b);
        for (ushort flow = 1; flow <= 10; flow++)
        {
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, flow, 2, 0));
            await b.Tun.ReceiveAsync();
        }
        var before = probe.Sum("subnetvpn.flows.moved");

        Assert.Empty(a.Service.Apply(a.Service.Settings with { MinStreamsPerPeer = 2 }));

        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.flows.moved") == 5);
        Assert.Equal(0, before);
    }

    [Fact]
    public async Task Spans_OfLookupAndStream_TellPeerAndOutcome()
    {
        using var spans = new SpanProbe();
        await using var a = new TestNode(_network, "span-a", "10.0.0.1");
        await using var b = new TestNode(_network, "span-b", "10.0.0.2");
        a.Discovery.Answer = address => new(address == b.Address ? PeerLookup.Found(b.Mapping) : PeerLookup.Failed("the directory burns"));
        await a.StartAsync();
        await b.StartAsync();

        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, 0));
        a.Tun.Send(UdpPacket.Make(a.Address, VirtualIp.Parse("10.0.0.250"), 1, 2, 0));
        await Eventually.TrueAsync(() => spans.Find("stream open", ("subnetvpn.peer", b.Peer.ToString()), ("subnetvpn.outcome", "ok")).Count > 0);
        await Eventually.TrueAsync(() => spans.Find("discovery lookup", ("subnetvpn.virtual_ip", "10.0.0.250")).Count == 1);

        Assert.Single(spans.Find("discovery lookup", ("subnetvpn.peer", b.Peer.ToString()), ("subnetvpn.outcome", "ok"), ("subnetvpn.virtual_ip", "10.0.0.2")));
        var failed = Assert.Single(spans.Find("discovery lookup", ("subnetvpn.virtual_ip", "10.0.0.250"), ("subnetvpn.outcome", "failed")));
        Assert.Equal("the directory burns", failed.StatusDescription);
    }

    [Fact]
    public async Task Span_OfAStreamThatCannotBeOpened_TellsWhy()
    {
        using var spans = new SpanProbe();
        await using var a = new TestNode(_network, "span-c", "10.0.0.1");
        var nobody = TestPeers.Named("span-nobody");
        a.Discovery.Tell(a.Mapping with { Peer = nobody, Prefixes = [IpPrefix.Parse("10.0.0.3/32")], Addresses = ["/memory/nobody"] });
        await a.StartAsync();

        a.Tun.Send(UdpPacket.Make(a.Address, VirtualIp.Parse("10.0.0.3"), 1, 2, 0));

        await Eventually.TrueAsync(() => spans.Find("stream open", ("subnetvpn.peer", nobody.ToString())).Count > 0);
        var open = spans.Find("stream open", ("subnetvpn.peer", nobody.ToString()))[0];
        Assert.Equal(System.Diagnostics.ActivityStatusCode.Error, open.Status);
        Assert.NotEqual("ok", open.GetTagItem("subnetvpn.outcome"));
    }
}
