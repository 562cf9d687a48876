using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Libp2p;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

public sealed class TransportMetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instruments_ConnectionAndStream_AreCountedOnBothSides()
    {
        await using var pair = await TransportPair.CreateAsync(Cancellation);
        using var first = new MetricProbe(pair.FirstMeters);
        using var second = new MetricProbe(pair.SecondMeters);

        await pair.OpenAsync(Cancellation);

        Assert.Equal(1, first.Sum("subnetvpn.transport.dials", "transport=libp2p"));
        Assert.Equal(1, first.Sum("subnetvpn.transport.handshakes", "direction=outbound"));
        Assert.Equal(0, first.Sum("subnetvpn.transport.handshakes", "direction=inbound"));
        Assert.Equal(1, second.Sum("subnetvpn.transport.handshakes", "direction=inbound"));
        Assert.Equal(0, second.Sum("subnetvpn.transport.dials"));
        Assert.Equal(1, second.Sum("subnetvpn.transport.connections_accepted"));
        Assert.Equal((1, 1), (first.Sum("subnetvpn.transport.connections"), second.Sum("subnetvpn.transport.connections")));
        Assert.Equal((1, 1), (first.Sum("subnetvpn.transport.connections_opened", "direction=outbound"), second.Sum("subnetvpn.transport.connections_opened", "direction=inbound")));
        Assert.True(first.Sum("subnetvpn.transport.streams_agreed", "direction=outbound") >= 1);
        Assert.True(second.Sum("subnetvpn.transport.streams_agreed", "direction=inbound") >= 1);
    }

    [Fact]
    public async Task Bytes_OfBothSides_AreTheSameOnTheWire()
    {
        await using var pair = await TransportPair.CreateAsync(Cancellation);
        using var first = new MetricProbe(pair.FirstMeters);
        using var second = new MetricProbe(pair.SecondMeters);
        var (opened, accepted) = await pair.OpenAsync(Cancellation);

        await opened.WriteAsync(new byte[100_000], Cancellation);
        var buffer = new byte[100_000];
        for (var received = 0; received < buffer.Length;)
            received += (await accepted.ReadAsync(buffer, Cancellation)).Count;

        // More than the payload, since the handshake and the headers are on the wire too; sent by one is received by the other.
        Assert.InRange(second.Sum("subnetvpn.transport.bytes.received"), 100_200, 120_000);
        await Eventually.TrueAsync(() =>
            first.Sum("subnetvpn.transport.bytes.sent") == second.Sum("subnetvpn.transport.bytes.received")
            && second.Sum("subnetvpn.transport.bytes.sent") == first.Sum("subnetvpn.transport.bytes.received"));
        Assert.True(first.Sum("subnetvpn.transport.bytes.received") < 20_000);
    }

    [Fact]
    public async Task Bytes_AfterTheConnectionEnded_DoNotShrink()
    {
        await using var pair = await TransportPair.CreateAsync(Cancellation);
        using var probe = new MetricProbe(pair.FirstMeters);
        await pair.OpenAsync(Cancellation);
        var before = probe.Sum("subnetvpn.transport.bytes.sent");

        await pair.Second.DisposeAsync();
        await Eventually.TrueAsync(() => probe.Sum("subnetvpn.transport.connections") == 0);

        Assert.True(before > 0);
        Assert.True(probe.Sum("subnetvpn.transport.bytes.sent") >= before);
        Assert.Equal(1, probe.Sum("subnetvpn.transport.connections_ended"));
    }

    [Fact]
    public async Task Failures_OfDialAndHandshake_AreCountedByReason()
    {
        using var identity = NodeIdentity.Generate();
        using var nobody = NodeIdentity.Generate();
        var meters = new ScopedMeters();
        await using var pair = await TransportPair.CreateAsync(Cancellation);
        await using var transport = new Libp2pTransport(new Libp2pTransportOptions(), identity, NoSubnets.Instance, TimeProvider.System, NullLoggerFactory.Instance, meters);
        using var probe = new MetricProbe(meters);

        await transport.OpenStreamAsync(new PeerEndpoint(nobody.Id, [$"/ip4/127.0.0.1/tcp/{FreePort()}"]), new StreamRequest(["/x"]), Cancellation);
        await transport.OpenStreamAsync(new PeerEndpoint(nobody.Id, pair.SecondEndpoint.Addresses), new StreamRequest(["/x"]), Cancellation);

        Assert.Equal(2, probe.Sum("subnetvpn.transport.dials"));
        Assert.Equal(1, probe.Sum("subnetvpn.transport.dial_failures", "reason=refused"));
        Assert.Equal(1, probe.Sum("subnetvpn.transport.dial_failures", "reason=wrong_peer"));
        Assert.Equal(1, probe.Sum("subnetvpn.transport.handshake_failures", "direction=outbound", "reason=wrong_peer"));
        Assert.Equal(0, probe.Sum("subnetvpn.transport.handshakes"));
    }

    [Fact]
    public async Task Dispose_OfTheTransport_TakesTheInstrumentsAway()
    {
        var pair = await TransportPair.CreateAsync(Cancellation);
        using var probe = new MetricProbe(pair.FirstMeters);
        var before = probe.Collect().Count;

        await pair.DisposeAsync();

        Assert.NotEqual(0, before);
        Assert.Empty(probe.Collect());
    }

    [Fact]
    public async Task Spans_OfADialThatWorks_TellPeerAndOutcome()
    {
        using var spans = new SpanProbe();
        await using var pair = await TransportPair.CreateAsync(Cancellation);
        var peer = pair.SecondEndpoint.Peer.ToString();

        await pair.OpenAsync(Cancellation);

        var dial = Assert.Single(spans.Find("dial", ("subnetvpn.peer", peer), ("subnetvpn.outcome", "ok")));
        Assert.Equal(pair.SecondEndpoint.Addresses[0], dial.GetTagItem("subnetvpn.address"));
        var handshake = Assert.Single(spans.Find("handshake", ("subnetvpn.peer", peer), ("subnetvpn.outcome", "ok"), ("subnetvpn.direction", "outbound")));
        Assert.Equal(dial.SpanId, handshake.ParentSpanId);
        await Eventually.TrueAsync(() => spans.Find("handshake", ("subnetvpn.peer", pair.FirstPeer.ToString()), ("subnetvpn.direction", "inbound")).Count == 1);
    }

    [Fact]
    public async Task Spans_OfADialThatFails_TellWhy()
    {
        using var spans = new SpanProbe();
        await using var pair = await TransportPair.CreateAsync(Cancellation);
        using var nobody = NodeIdentity.Generate();

        await pair.First.OpenStreamAsync(new PeerEndpoint(nobody.Id, pair.SecondEndpoint.Addresses), new StreamRequest(["/x"]), Cancellation);

        var dial = Assert.Single(spans.Find("dial", ("subnetvpn.peer", nobody.Id.ToString()), ("subnetvpn.outcome", "wrong_peer")));
        Assert.Equal(ActivityStatusCode.Error, dial.Status);
        Assert.Single(spans.Find("handshake", ("subnetvpn.peer", nobody.Id.ToString()), ("subnetvpn.outcome", "wrong_peer")));
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
