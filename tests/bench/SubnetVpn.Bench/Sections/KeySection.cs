using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Measures;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Sections;

/// <summary>What connection keys cost: memory of the sending node for each that is alive, and processor time per packet among many.</summary>
internal static class KeySection
{
    // The few spread over all streams as the many do: what they cost beside one key is that, the rest is the keys' own.
    private const int Few = 1_000, Keys = 100_000;

    private const int Seconds = 5;

    // A new key costs more than a packet of a known one.
    private const int NewKeysRate = 10_000;

    public static Task MeasureAsync(BenchRun run) => run.RepeatAsync("keys", async () =>
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await run.StartAsync(lab, a, b);
        await Flows.SendAsync(a, b, keys: 1, Flows.Rate * Seconds, Flows.Rate); // To warm up.
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.OneKeyCpu, await Flows.SendAsync(a, b, keys: 1, Flows.Rate * Seconds, Flows.Rate));
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.SomeKeysCpu, await Flows.SendAsync(a, b, Few, Flows.Rate * Seconds, Flows.Rate));

        await Collector.CollectAsync(a.Process.Id, run.Cancellation);
        var (memory, alive) = (a.Process.ResidentBytes, await CountAsync(a));
        await Flows.SendAsync(a, b, Keys, Keys, NewKeysRate);
        await Collector.CollectAsync(a.Process.Id, run.Cancellation);
        var more = await CountAsync(a) - alive;
        if (more < 0.99 * Keys)
            throw new InvalidOperationException($"only {more} of {Keys} keys are alive.");
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.KeyMemory, (double)(a.Process.ResidentBytes - memory) / more);

        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.ManyKeysCpu, await Flows.SendAsync(a, b, Keys, Flows.Rate * Seconds, Flows.Rate));
        await MeasureOneStreamAsync(run);
    });

    // Flows spread over streams, and packets that were read together then leave one by one: that costs, and not the keys.
    private static async Task MeasureOneStreamAsync(BenchRun run)
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync(static settings => settings with { Vpn = ["max_streams_per_peer: 1", "min_streams_per_peer: 1"] });
        await run.StartAsync(lab, a, b);
        await Flows.SendAsync(a, b, keys: 1, Flows.Rate * Seconds, Flows.Rate); // To warm up.
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.OneKeyOneStreamCpu, await Flows.SendAsync(a, b, keys: 1, Flows.Rate * Seconds, Flows.Rate));
        await Flows.SendAsync(a, b, Keys, Keys, NewKeysRate);
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.ManyKeysOneStreamCpu, await Flows.SendAsync(a, b, Keys, Flows.Rate * Seconds, Flows.Rate));
    }

    private static async Task<long> CountAsync(LabNode node) => (await node.StatusAsync()).Sum("active_flows");
}
