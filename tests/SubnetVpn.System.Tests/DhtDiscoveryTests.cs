using System.Diagnostics;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests;

/// <summary>Machines that know one other, the bootstrap, and find each other by the hash table.</summary>
public sealed class DhtDiscoveryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Dht_FiveNodes_FindEachOtherWithTheBootstrap_AndWithoutIt()
    {
        await using var lab = await Lab.CreateAsync("abcde");
        var nodes = await AddNodesAsync(lab, 5);
        var (bootstrap, b, c, d, e) = (nodes[0], nodes[1], nodes[2], nodes[3], nodes[4]);
        await Task.WhenAll(nodes.Take(4).Select(static node => node.StartAsync()));

        // The last one starts alone, and is found soon.
        var watch = Stopwatch.StartNew();
        e.Launch();
        await AssertReachesAsync(bootstrap, e);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s from the start of a node to the first reply that another got of it");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));

        // One pair is kept for later.
        watch.Restart();
        foreach (var from in nodes)
            foreach (var to in nodes.Where(to => to != from && !(from == d && to == e) && !(from == e && to == d)))
                await AssertReachesAsync(from, to);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s for 18 pairs");
        Assert.DoesNotContain(e.PeerId, await PeersAsync(d), StringComparison.Ordinal);

        await bootstrap.KillAsync();
        (await Ping.RunAsync(b.Machine.Namespace, c.VirtualIp, 50, "0.02")).AssertLossless(b);
        watch.Restart();
        await AssertReachesAsync(d, e);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s to the first reply of a peer never heard of, with the bootstrap gone");
        Assert.Contains("\"member\"", await PeersAsync(d), StringComparison.OrdinalIgnoreCase);

        watch.Restart();
        await bootstrap.StartAsync();
        foreach (var other in nodes.Skip(1))
        {
            await AssertReachesAsync(bootstrap, other);
            await AssertReachesAsync(other, bootstrap);
        }
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s until the bootstrap, started again, and all others reached each other");
    }

    private static async Task<IReadOnlyList<LabNode>> AddNodesAsync(Lab lab, int count)
    {
        var key = Path.Combine(lab.Folder, "network.key");
        (await Exec.RunAsync(Repository.Cli, "keygen", "--network", "--out", key)).EnsureSuccess();
        var nodes = new List<LabNode>();
        for (var number = 1; number <= count; number++)
            nodes.Add(await lab.AddNodeAsync(lab.Machines[number - 1], LabNodeSettings.Number(number) with
            {
                Vpn = ["strategies: { discovery: [dht] }", $"network_key: {key}"],
                Plugins = number == 1 ? [] : [$"discovery.dht: {{ bootstrap: [\"{nodes[0].ListenAddress}/p2p/{nodes[0].PeerId}\"] }}"],
            }));
        return nodes;
    }

    private static async Task<string> PeersAsync(LabNode node) => (await node.CliAsync("peers", "--json")).EnsureSuccess().Output;

    private static Task AssertReachesAsync(LabNode from, LabNode to) => Eventually.TrueAsync(
        async () => (await from.Machine.Namespace.RunAsync("ping", "-c", "1", "-W", "1", to.VirtualIp.ToString())).ExitCode == 0,
        $"{from.VirtualIp} reaches {to.VirtualIp}",
        () => $"{from.Log}\n--- the other node:\n{to.Log}");
}
