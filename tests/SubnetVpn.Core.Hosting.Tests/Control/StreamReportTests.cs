using System.Text.Json;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Discovery;
using SubnetVpn.Resilience;

namespace SubnetVpn.Core.Hosting.Tests.Control;

public sealed class StreamReportTests
{
    private const string First = "12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5";
    private const string Second = "12D3KooWMeubyRFbMB7Y2cUGLgcWjPENJKfUL3pdvbKoATh6puwG";

    private static readonly StreamSnapshot s_stream = new(7, "c3/5", "/vpn/2.0.0", 4, 12, 1000, 64_000)
    {
        Lane = 2,
        RemoteAddress = "/ip4/198.18.0.2/tcp/4001",
        QueueCapacity = 100,
        QueuedBytes = 1200,
        QueueWait = TimeSpan.FromMilliseconds(1.5),
        Age = TimeSpan.FromSeconds(90),
        Idle = TimeSpan.FromSeconds(2.5),
        FailedChecks = 2,
        RoundTripTime = TimeSpan.FromMilliseconds(0.25),
    };

    [Fact]
    public void Make_AllThatIsKnown_IsTold()
    {
        var stream = Assert.Single(StreamReport.Make(Node(("default", First, [s_stream]))).Streams);

        Assert.Equal(("default", First, 7, "c3/5", "/vpn/2.0.0", 2), (stream.Network, stream.Peer, stream.Id, stream.Name, stream.Protocol, stream.Lane));
        Assert.Equal(("/ip4/198.18.0.2/tcp/4001", 4, 12, 1200, 100, 1.5), (stream.Address, stream.Flows, stream.QueuedPackets, stream.QueuedBytes, stream.QueueCapacity, stream.QueueWaitMilliseconds));
        Assert.Equal((1000, 64_000, 90.0, 2.5), (stream.PacketsSent, stream.BytesSent, stream.AgeSeconds, stream.IdleSeconds));
        Assert.Equal(("failing", 2, 0.25), (stream.Health, stream.FailedChecks, stream.RoundTripMilliseconds));
    }

    [Theory]
    [InlineData(null, "unchecked", 0)]
    [InlineData(0, "ok", 0)]
    [InlineData(1, "failing", 1)]
    public void Make_Health_IsAWordAndANumber(int? failed, string health, int count)
    {
        var stream = Assert.Single(StreamReport.Make(Node(("default", First, [s_stream with { FailedChecks = failed }]))).Streams);

        Assert.Equal((health, count), (stream.Health, stream.FailedChecks));
    }

    [Fact]
    public void Make_SeveralNetworksAndPeers_AreSorted()
    {
        var list = StreamReport.Make(Node(
            ("office", First, [s_stream]), ("lab", Second, [s_stream with { Id = 12 }, s_stream with { Id = 3 }]), ("lab", First, [s_stream])));

        Assert.Equal([("lab", First, 7), ("lab", Second, 3), ("lab", Second, 12), ("office", First, 7)], list.Streams.Select(stream => (stream.Network, stream.Peer, stream.Id)));
    }

    [Fact]
    public void Api_Json_ComesBackTheSame()
    {
        var list = StreamReport.Make(Node(("default", First, [s_stream, new StreamSnapshot(8, "c1/1", "/vpn/1.0.0", 0, 0, 0, 0)])));

        var json = JsonSerializer.Serialize(list, ControlJson.Api.StreamList);
        var back = JsonSerializer.Deserialize(json, ControlJson.Api.StreamList)!;

        Assert.Equal(list.Streams, back.Streams);
        Assert.Contains("\"queue_wait_milliseconds\": 1.5", json, StringComparison.Ordinal);
        Assert.Contains("\"round_trip_milliseconds\": null", json, StringComparison.Ordinal);
    }

    private static NodeSnapshot Node(params (string Network, string Peer, StreamSnapshot[] Streams)[] peers) => new()
    {
        State = VpnServiceState.Running,
        Peer = default,
        TakenAt = DateTimeOffset.UnixEpoch,
        TransportName = "libp2p",
        ListenAddresses = [],
        Networks =
        [
            .. peers.GroupBy(peer => peer.Network).Select(network => new NetworkSnapshot
            {
                Name = network.Key,
                State = VpnServiceState.Running,
                Addresses = [],
                Mtu = 1400,
                Metrics = new VpnMetricsSnapshot(),
                Peers =
                [
                    .. network.Select(peer => new PeerSnapshot
                    {
                        Peer = PeerId.Parse(peer.Peer),
                        Prefixes = [],
                        Addresses = [],
                        Source = "static",
                        Trust = MappingTrust.Authoritative,
                        Streams = peer.Streams,
                        InboundStreams = 0,
                        Flows = 0,
                        Circuit = CircuitSnapshot.Closed,
                    })
                ],
            })
        ],
    };
}
