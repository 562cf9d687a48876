using System.Text.Json;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Hosting.Tests.Control;

public sealed class StatusReportTests
{
    private static readonly NodeSnapshot s_node = new()
    {
        State = VpnServiceState.Running,
        Peer = PeerId.Parse("12D3KooWMeubyRFbMB7Y2cUGLgcWjPENJKfUL3pdvbKoATh6puwG"),
        StartedAt = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero),
        TakenAt = new DateTimeOffset(2026, 11, 21, 12, 1, 30, TimeSpan.Zero),
        TransportName = "libp2p",
        ListenAddresses = ["/ip4/198.18.0.1/tcp/4001"],
        Transport = new TransportSnapshot
        {
            ListenAddresses = [],
            Connections = [],
            Counters = new Dictionary<string, long> { ["handshake_failed.timed_out"] = 2, ["bytes.sent"] = 7 },
        },
        Networks =
        [
            new NetworkSnapshot
            {
                Name = "default",
                State = VpnServiceState.Failed,
                Error = "The TUN device is gone.",
                Addresses = [new TunAddress(VirtualIp.Parse("10.0.0.1"), 24)],
                TunName = "vpn0",
                Mtu = 1400,
                Offloads = TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation,
                Metrics = new VpnMetricsSnapshot
                {
                    PacketsSent = 3,
                    OutboundDrops = new Dictionary<PacketDropReason, long> { [PacketDropReason.NoRoute] = 4 },
                    InboundDrops = new Dictionary<PacketDropReason, long> { [PacketDropReason.SpoofedSource] = 5 },
                    StreamErrors = new Dictionary<string, long> { ["invalid_length"] = 6 },
                },
                Peers = [],
            },
        ],
    };

    [Fact]
    public void Make_Counters_AreNamedByReason()
    {
        var status = StatusReport.Make(s_node);

        var network = Assert.Single(status.Networks);
        Assert.Equal((90, "running", VpnVersion.Text), (status.UptimeSeconds, status.State, status.Version));
        Assert.Equal(("failed", "The TUN device is gone.", "vpn0"), (network.State, network.Error, network.Tun));
        Assert.Equal(["checksum", "tcp_v4_segmentation"], network.Offloads);
        Assert.Equal((3, 4, 5, 6), (network.Counters.PacketsSent, network.Counters.DroppedOutbound["no_route"], network.Counters.DroppedInbound["spoofed_source"], network.Counters.StreamErrors["invalid_length"]));
        Assert.Equal(2, status.Transport.Counters["handshake_failed.timed_out"]);
    }

    [Fact]
    public void Api_Json_IsSnakeCaseAndComesBackTheSame()
    {
        var status = StatusReport.Make(s_node);

        var json = JsonSerializer.Serialize(status, ControlJson.Api.NodeStatus);
        var back = JsonSerializer.Deserialize(json, ControlJson.Api.NodeStatus);

        Assert.Contains("\"listen_addresses\": [", json, StringComparison.Ordinal);
        Assert.Contains("\"handshake_failed.timed_out\": 2", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(back, ControlJson.Api.NodeStatus));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(5L * 1024 * 1024 * 1024, "5.0 GiB")]
    public void Bytes_AnyNumber_IsReadable(long bytes, string expected) => Assert.Equal(expected, HumanText.Bytes(bytes));

    [Theory]
    [InlineData(0.00025, "0.25 ms")]
    [InlineData(3.2, "4 s")]
    [InlineData(61, "1 min")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(90000, "1 d 1 h")]
    public void Duration_AnyTime_IsReadable(double seconds, string expected) => Assert.Equal(expected, HumanText.Duration(TimeSpan.FromSeconds(seconds)));
}
