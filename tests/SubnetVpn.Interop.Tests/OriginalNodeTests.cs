using System.Net;
using System.Net.Sockets;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Interop.Tests;

/// <summary>A real node beside a js peer that speaks <c>/vpn/1.0.0</c>, as nodes of the original network do.</summary>
public sealed class OriginalNodeTests(ITestOutputHelper output)
{
    private const string JsVirtualIp = "10.77.0.2";
    private const int SolUdp = 17, UdpSegment = 103; // <linux/udp.h>
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Whether the node knows the address of the js peer and dials, or the js peer dials the node.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Icmp_BothWays_IsAnswered(bool nodeDials)
    {
        await using var lab = await Lab.CreateAsync("ab");
        await using var js = await StartJsAsync(lab);
        var node = await StartNodeAsync(lab, js, nodeDials ? js.Addresses : []);
        if (!nodeDials)
        {
            await js.AskAsync("dial", new { address = $"{node.ListenAddress}/p2p/{node.PeerId}" });
            await Eventually.TrueAsync(async () => (await node.StatusAsync()).Sum("inbound.established") == 1, "the node has the connection too");
        }

        var ping = await Ping.RunAsync(node.Machine.Namespace, IPAddress.Parse(JsVirtualIp), count: 50, interval: "0.02");
        var sizes = Enumerable.Range(0, 1373).Where(size => size % 4 == 0).ToArray(); // 1400 - 20 - 8 is the largest.
        var own = await js.AskAsync("vpnPing", new { peerId = node.PeerId, destination = node.VirtualIp.ToString(), sizes });
        var counts = await js.AskAsync("vpnCounts");

        output.WriteLine($"{ping.Summary}\n{counts}");
        ping.AssertLossless(node);
        Assert.Equal(sizes.Length, own.GetProperty("intact").GetInt32());
        Assert.InRange(counts.GetProperty("answered").GetInt32(), ping.Count, ping.Sent);
        Assert.Equal(sizes.Length, counts.GetProperty("replies").GetInt32());
        Assert.Empty(counts.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task Udp_SuperPacket_ArrivesInSegments()
    {
        await using var lab = await Lab.CreateAsync("ab");
        await using var js = await StartJsAsync(lab);
        var node = await StartNodeAsync(lab, js, js.Addresses);
        using var socket = node.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(SolUdp, UdpSegment, BitConverter.GetBytes(1000));

        await socket.SendToAsync(new byte[16_000], SocketFlags.None, new IPEndPoint(IPAddress.Parse(JsVirtualIp), 9), Cancellation);

        await Eventually.TrueAsync(async () => await CountAsync(js, "other") == 16, "16 datagrams have come", () => js.Log + node.Log);
        Assert.Equal(1028, await CountAsync(js, "largest"));
    }

    // It knows neither pings nor anything else but packets, and would take whatever else came for one.
    [Fact]
    public async Task HealthChecks_AreMade_NothingButPacketsIsSeen()
    {
        await using var lab = await Lab.CreateAsync("ab");
        await using var js = await StartJsAsync(lab);
        var node = await StartNodeAsync(lab, js, js.Addresses, "health_check_interval: 1s", "health_check_timeout: 300ms", "warm_interval: 1s");
        var before = await Ping.RunAsync(node.Machine.Namespace, IPAddress.Parse(JsVirtualIp), count: 20, interval: "0.02");
        before.AssertLossless(node);
        var seen = await js.AskAsync("vpnCounts");
        var checks = await MetricAsync(node, "subnetvpn.health.checks");

        // Some rounds of checks while nothing is sent, then some under way.
        await Eventually.TrueAsync(async () => await MetricAsync(node, "subnetvpn.health.checks") >= checks + 6, "streams are checked", () => node.Log);
        var idle = await js.AskAsync("vpnCounts");
        var after = await Ping.RunAsync(node.Machine.Namespace, IPAddress.Parse(JsVirtualIp), count: 100, interval: "0.02");
        var counts = await js.AskAsync("vpnCounts");

        output.WriteLine($"{await MetricAsync(node, "subnetvpn.health.checks")} checks; {counts}");
        after.AssertLossless(node);
        Assert.Equal(seen.GetProperty("packets").GetInt32(), idle.GetProperty("packets").GetInt32());
        Assert.Equal(counts.GetProperty("packets").GetInt32(), counts.GetProperty("answered").GetInt32());
        Assert.Equal(seen.GetProperty("streams").GetInt32(), counts.GetProperty("streams").GetInt32());
        Assert.Empty(counts.GetProperty("errors").EnumerateArray());
        Assert.Equal(0, await MetricAsync(node, "subnetvpn.health.failures"));
        Assert.Equal(0, await MetricAsync(node, "subnetvpn.health.replacements"));
    }

    [Theory]
    [InlineData("00000000", false, "invalid_length")]
    [InlineData("00010000", false, "invalid_length")]
    [InlineData("0000006445000064", true, "truncated")]
    public async Task Frame_Wrong_IsRefusedAndCounted(string hex, bool close, string reason)
    {
        await using var lab = await Lab.CreateAsync("ab");
        await using var js = await StartJsAsync(lab);
        var node = await StartNodeAsync(lab, js, js.Addresses);
        await js.AskAsync("dial", new { address = $"{node.ListenAddress}/p2p/{node.PeerId}" });

        var end = await js.AskAsync("vpnSendRaw", new { peerId = node.PeerId, hex, close });

        Assert.Equal("StreamResetError", end.GetProperty("name").GetString());
        await Eventually.TrueAsync(async () => (await node.StatusAsync()).Sum(reason) == 1, $"status counts {reason}", () => node.Log);
    }

    private static async Task<JsPeer> StartJsAsync(Lab lab)
    {
        JsPeer.Require();
        var machine = lab.Machines[1];
        var js = await JsPeer.StartAsync(machine.Namespace, new { listen = new[] { $"/ip4/{machine.Address}/tcp/4001" } });
        await js.AskAsync("vpnStart", new { virtualIp = JsVirtualIp });
        return js;
    }

    private static async Task<LabNode> StartNodeAsync(Lab lab, JsPeer js, IReadOnlyList<string> addresses, params IReadOnlyList<string> vpn)
    {
        var node = await lab.AddNodeAsync(lab.Machines[0], LabNodeSettings.Number(1) with { Vpn = vpn });
        node.Knows(new LabPeer(js.PeerId, addresses, [JsVirtualIp]));
        await node.StartAsync();
        return node;
    }

    private static async Task<double> MetricAsync(LabNode node, string name) =>
        (await node.AskAsync("metrics")).GetProperty("metrics").EnumerateArray()
        .Where(metric => metric.GetProperty("name").GetString() == name).Sum(metric => metric.GetProperty("value").GetDouble());

    private static async Task<int> CountAsync(JsPeer js, string count) => (await js.AskAsync("vpnCounts")).GetProperty(count).GetInt32();
}
