using System.Text.Json;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests;

/// <summary>Machines on one bridge that are told neither of each other nor which address to take.</summary>
public sealed class AutomaticAddressTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Auto_FourNodesInASubnetOfSix_AllReachAllByBothFamilies()
    {
        await using var lab = await Lab.CreateAsync("abcd");
        var key = await lab.MakeNetworkKeyAsync();
        var nodes = await AddAsync(lab, key, "10.77.0.0/29");

        // At once, so that some that come to the same address do not hear of each other before: in three of four runs there are two.
        await Task.WhenAll(nodes.Select(static node => node.StartAsync()));
        await Eventually.TrueAsync(
            async () => (await AddressesAsync(nodes)).Select(static own => own.IPv4).Where(static address => address.Length > 0).Distinct().Count() == nodes.Length,
            "every node has an address of its own",
            () => string.Join("\n--- the next node:\n", nodes.Select(static node => node.Log)));

        var addresses = await AddressesAsync(nodes);
        foreach (var (node, own) in nodes.Zip(addresses))
        {
            Assert.StartsWith("fd77::", own.IPv6, StringComparison.Ordinal);
            output.WriteLine($"{node.PeerId} has {own.IPv4} and {own.IPv6}; before: {own.Before}");
        }
        foreach (var from in nodes)
            foreach (var (to, own) in nodes.Zip(addresses).Where(to => to.First != from))
            {
                await AssertReachesAsync(from, to, own.IPv4);
                await AssertReachesAsync(from, to, own.IPv6);
            }
        Assert.Equal(addresses, await AddressesAsync(nodes));
    }

    [Fact]
    public async Task Auto_NodeRestarts_HasTheSameAddress()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var key = await lab.MakeNetworkKeyAsync();
        var nodes = await AddAsync(lab, key, "10.77.0.0/24");
        foreach (var node in nodes)
            await node.StartAsync();
        var before = await AddressesAsync(nodes);
        await AssertReachesAsync(nodes[0], nodes[1], before[1].IPv4);

        await nodes[1].StopAsync();
        await nodes[1].StartAsync();

        Assert.Equal(before, await AddressesAsync(nodes));
        await AssertReachesAsync(nodes[0], nodes[1], before[1].IPv4);
    }

    private static async Task<LabNode[]> AddAsync(Lab lab, string key, string subnet)
    {
        var nodes = new List<LabNode>();
        foreach (var machine in lab.Machines)
            nodes.Add(await lab.AddNodeAsync(machine, new LabNodeSettings
            {
                VirtualIp = "auto",
                VirtualIp6 = "auto",
                Subnet = subnet,
                ListenAnywhere = true,
                Vpn = [$"network_key: {key}", "strategies: { discovery: [mdns] }"],
            }));
        return [.. nodes];
    }

    private static async Task<List<OwnAddresses>> AddressesAsync(LabNode[] nodes)
    {
        var addresses = new List<OwnAddresses>();
        foreach (var node in nodes)
        {
            var all = (await node.AskAsync("status")).GetProperty("networks")[0].GetProperty("addresses").EnumerateArray().ToList();
            // While it moves, it has none.
            addresses.Add(all.Count == 2
                ? new OwnAddresses(TextOf(all[0]), TextOf(all[1]), string.Join(", ", all[0].GetProperty("moved_from").EnumerateArray().Select(static lost => lost.GetString())))
                : new OwnAddresses("", "", ""));
        }
        return addresses;

        static string TextOf(JsonElement own) => own.GetProperty("address").GetString()!.Split('/')[0];
    }

    private static Task AssertReachesAsync(LabNode from, LabNode to, string address) => Eventually.TrueAsync(
        async () => (await from.Machine.Namespace.RunAsync("ping", "-c", "1", "-W", "1", address)).ExitCode == 0,
        $"{address} answers",
        () => $"{from.Log}\n--- the other node:\n{to.Log}");

    private sealed record OwnAddresses(string IPv4, string IPv6, string Before);
}
