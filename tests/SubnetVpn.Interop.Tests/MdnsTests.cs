using System.Text.Json;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Interop.Tests;

/// <summary>A real node and a js peer on one LAN, each with the mDNS of libp2p and nothing else.</summary>
public sealed class MdnsTests
{
    [Fact]
    public async Task Mdns_NodeAndJsPeer_HearOfEachOther()
    {
        JsPeer.Require();
        await using var lab = await Lab.CreateAsync("ab");
        // js-libp2p tells of private addresses alone; those of the lab are none.
        foreach (var (index, each) in lab.Machines.Index())
            await each.Namespace.IpAsync($"address add 192.168.77.{index + 1}/24 dev eth0");
        // Nor does it name the interface that it sends to: a machine of a LAN has a default route.
        await lab.Machines[1].Namespace.IpAsync("route add default dev eth0");
        var node = await lab.AddNodeAsync(lab.Machines[0], LabNodeSettings.Number(1) with { ListenAnywhere = true, Vpn = ["strategies: { discovery: [mdns] }"] });
        await node.StartAsync();
        await using var js = await JsPeer.StartAsync(lab.Machines[1].Namespace, new { listen = new[] { "/ip4/192.168.77.2/tcp/4001" }, lan = true });

        const string address = "/ip4/192.168.77.1/tcp/4001";
        await Eventually.TrueAsync(async () => (await DiscoveredAsync(js, node.PeerId)).Contains(address), "the js peer has discovered the node's address", () => js.Log + node.Log);
        await Eventually.TrueAsync(async () => await PeersOnLinkAsync(node) == 1, "the node knows the js peer", () => js.Log + node.Log);

        // What it was told is true: the node answers there, and is who it said. Not a member of the network, the js peer is none of its peers.
        await js.AskAsync("dial", new { address = $"{address}/p2p/{node.PeerId}" });
        Assert.DoesNotContain(js.PeerId, (await node.CliAsync("peers", "--json")).EnsureSuccess().Output, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> DiscoveredAsync(JsPeer js, string peerId) =>
        [.. (await js.AskAsync("discovered")).EnumerateArray().Where(known => known.GetProperty("peerId").GetString() == peerId).SelectMany(Addresses)];

    private static IEnumerable<string> Addresses(JsonElement known) => known.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()!);

    private static async Task<double> PeersOnLinkAsync(LabNode node) =>
        (await node.AskAsync("metrics")).GetProperty("metrics").EnumerateArray()
        .Where(metric => metric.GetProperty("name").GetString() == "subnetvpn.mdns.peers").Sum(metric => metric.GetProperty("value").GetDouble());
}
