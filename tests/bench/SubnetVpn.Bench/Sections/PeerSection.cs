using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Crowd;
using SubnetVpn.Bench.Measures;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Sections;

/// <summary>
/// What connected, idle peers cost node b: memory for each, and processor time of a packet from a, which is one of them. The others are a
/// crowd of nodes in one process on the machine of a.
/// </summary>
internal static class PeerSection
{
    private const int Few = 2, Ten = 10, HundredTen = 110, Many = 200;
    private const int Seconds = 5;

    // The crowd stands for as many machines: the limit on connections from one address is not what is measured.
    private const string NoAddressLimits = "transport.libp2p: { inbound_rate_per_address: 10000, inbound_burst_per_address: 10000, max_pending_inbound_per_address: 128 }";

    // What many new peers took has gone back to the system by then.
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(16);

    public static Task MeasureAsync(BenchRun run) => run.RepeatAsync("peers", async () =>
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync(settings => settings with { Plugins = [NoAddressLimits] });
        await using var crowd = await CrowdProcess.StartAsync(lab.Machines[0], b, Many - 1);
        await run.StartAsync(lab, a, b);
        await Flows.SendAsync(a, b, keys: 1, Flows.Rate * Seconds, Flows.Rate); // To warm up.

        await GrowAsync(crowd, b, Few);
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.FewPeersCpu, await Flows.SendAsync(a, b, keys: 1, Flows.Rate * Seconds, Flows.Rate));
        var ten = await ResidentBytesAsync(run, crowd, b, Ten);
        var hundredTen = await ResidentBytesAsync(run, crowd, b, HundredTen);
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.PeerMemory, (hundredTen - ten) / 1e3 / (HundredTen - Ten));
        await GrowAsync(crowd, b, Many);
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.ManyPeersCpu, await Flows.SendAsync(a, b, keys: 1, Flows.Rate * Seconds, Flows.Rate));
    });

    private static async Task<double> ResidentBytesAsync(BenchRun run, CrowdProcess crowd, LabNode node, int peers)
    {
        await GrowAsync(crowd, node, peers);
        await Task.Delay(s_quiet, run.Cancellation);
        await Collector.CollectAsync(node.Process.Id, run.Cancellation);
        return node.Process.ResidentBytes;
    }

    // One of the peers is a.
    private static async Task GrowAsync(CrowdProcess crowd, LabNode node, int peers)
    {
        await crowd.GrowAsync(peers - 1);
        var connected = (await node.StatusAsync()).Sum("peers.connected");
        if (connected != peers)
            throw new InvalidOperationException($"{connected} peers are connected in place of {peers}.");
    }
}
