using System.Diagnostics;
using System.Net;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests;

/// <summary>Machines on one bridge that are told nothing of each other.</summary>
public sealed class LanDiscoveryTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mdns_NoPeerListed_FirstPingComesBack(bool isV6)
    {
        await using var lab = await Lab.CreateAsync("abc");
        var key = await lab.MakeNetworkKeyAsync();
        var (a, b, stranger) = (await AddAsync(lab, key, 1), await AddAsync(lab, key, 2), await AddAsync(lab, key, 3, network: "other"));
        await Task.WhenAll(a.StartAsync(), stranger.StartAsync());

        var watch = Stopwatch.StartNew();
        b.Launch();
        await AssertReachesAsync(b, a, isV6);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s from the start of the daemon to the first reply");
        await AssertReachesAsync(a, b, isV6);

        // The product's promise is "a few seconds".
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        var peers = (await a.CliAsync("peers", "--json")).EnsureSuccess().Output;
        Assert.Contains(b.PeerId, peers, StringComparison.Ordinal);
        Assert.Contains("mdns", peers, StringComparison.Ordinal);
        Assert.Contains("hearsay", peers, StringComparison.OrdinalIgnoreCase);
        // It is on the link, and was heard: as addresses alone.
        Assert.DoesNotContain(stranger.PeerId, peers, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await MdnsPeersAsync(a) == 2, "a has heard both others", () => a.Log);
    }

    [Fact]
    public async Task Mdns_NodeStopsAndComesBack_IsReachedAgain()
    {
        await using var lab = await Lab.CreateAsync("abc");
        var key = await lab.MakeNetworkKeyAsync();
        var (a, b) = (await AddAsync(lab, key, 1), await AddAsync(lab, key, 2));
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await AssertReachesAsync(a, b, isV6: false);

        await b.StopAsync();
        await Eventually.TrueAsync(
            async () => !(await a.CliAsync("peers", "--json")).EnsureSuccess().Output.Contains(b.PeerId, StringComparison.Ordinal), "b said goodbye", () => a.Log);
        await b.StartAsync();

        await AssertReachesAsync(a, b, isV6: false);
    }

    private static Task<LabNode> AddAsync(Lab lab, string key, int number, string? network = null) => lab.AddNodeAsync(
        lab.Machines[number - 1],
        LabNodeSettings.Number(number) with { ListenAnywhere = true, Network = network, Vpn = [$"network_key: {key}", "strategies: { discovery: [mdns] }"] });

    private static async Task<int> MdnsPeersAsync(LabNode node)
    {
        var metrics = (await node.AskAsync("metrics")).GetProperty("metrics");
        return (int)metrics.EnumerateArray().Where(static metric => metric.GetProperty("name").GetString() == "subnetvpn.mdns.peers").Sum(static metric => metric.GetProperty("value").GetDouble());
    }

    private static Task AssertReachesAsync(LabNode from, LabNode to, bool isV6)
    {
        IPAddress address = isV6 ? to.VirtualIp6 : to.VirtualIp;
        return Eventually.TrueAsync(
            async () => (await from.Machine.Namespace.RunAsync("ping", "-c", "1", "-W", "1", address.ToString())).ExitCode == 0,
            $"{address} answers",
            () => $"{from.Log}\n--- the other node:\n{to.Log}");
    }
}
