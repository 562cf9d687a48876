using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>Streams come and go and connections are killed while flows go on: each of them stays in order, and nothing comes twice.</summary>
public sealed class ChurnTests(ITestOutputHelper output)
{
    private const int Rounds = 4, Most = 4, Wave = 100;

    private static readonly string[] _quick =
    [
        "min_streams_per_peer: 1", $"max_streams_per_peer: {Most}", "usage_count_threshold: 2",
        "stream_idle_timeout: 1s", "cleanup_interval: 500ms", "worker_idle_timeout: 1s", "worker_cleanup_interval: 500ms",
        "circuit_breaker_reset_timeout: 2s", // It is not about breakers, and need not wait for one.
    ];

    [Fact]
    public async Task Udp_WhileStreamsScaleAndConnectionsDie_StaysInOrderAndComesOnce()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync(settings => settings with { Vpn = _quick });
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await using var flows = new NumberedFlows(a, b, packetsPerSecond: 10_000, size: 400);
        var lasting = flows.Add(3);
        await AssertAllGoOnAsync(lasting, a, b);

        for (var round = 0; round < Rounds; round++)
        {
            var wave = flows.Add(Wave);
            await AssertStreamsAsync(a, b, count => count == Most);
            await KillConnectionsAsync(at: round % 2 == 0 ? a : b, sender: a);
            await AssertAllGoOnAsync([.. lasting, .. wave], a, b);
            flows.Remove(wave);
            await AssertStreamsAsync(a, b, count => count <= lasting.Count);
        }

        var report = await flows.FinishAsync();
        output.WriteLine($"figure: {Rounds} kills of the connections while streams scaled: {report}");
        output.WriteLine((await a.StatusAsync()).ToString());
        Assert.Equal((0, 0, 0), (report.Reordered, report.Duplicates, report.Malformed));
        Assert.Equal(report.Lost, await TunnelDrops.CountAsync(a, b));
    }

    // Those that carry packets die at once; one that is idle may outlive the fault.
    private static async Task KillConnectionsAsync(LabNode at, LabNode sender)
    {
        var port = sender.ListenEndPoint.Port;
        var connections = await WireFault.ConnectionsAsync(sender.Machine, port);
        await using var fault = await WireFault.ResetAsync(at.Machine, port);
        await Eventually.TrueAsync(
            async () => connections.Except(await WireFault.ConnectionsAsync(sender.Machine, port)).Count() >= Math.Min(connections.Count, 2),
            "connections end", () => at.Log);
    }

    private static async Task AssertAllGoOnAsync(IReadOnlyList<NumberedFlow> flows, LabNode from, LabNode to)
    {
        var before = flows.Select(flow => flow.Received).ToList();
        await Eventually.TrueAsync(
            () => Task.FromResult(flows.Select((flow, index) => flow.Received > before[index] + 20).All(goesOn => goesOn)),
            "every flow goes on", () => $"{from.Log}\n--- the other node:\n{to.Log}");
    }

    private static async Task AssertStreamsAsync(LabNode from, LabNode to, Func<int, bool> isRight)
    {
        var seen = 0;
        await Eventually.TrueAsync(
            async () => isRight(seen = await StreamCount.OfAsync(from, to)), "the streams have scaled", () => $"There are {seen}.\n{from.Log}");
    }
}
