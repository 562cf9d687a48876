using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>Streams come with flows, and go when they are idle.</summary>
public sealed class ScalingTests(ITestOutputHelper output)
{
    private const int Most = 4, FlowsPerStream = 2, Many = 100;

    private static readonly string[] _quick =
    [
        "min_streams_per_peer: 1", $"max_streams_per_peer: {Most}", $"usage_count_threshold: {FlowsPerStream}",
        "stream_idle_timeout: 3s", "cleanup_interval: 1s", "worker_idle_timeout: 3s", "worker_cleanup_interval: 1s",
    ];

    [Fact]
    public async Task Flows_ManyThenNone_StreamsGrowToTheMostAndFallToTheLeast()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync(settings => settings with { Vpn = _quick });
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await using var flows = new NumberedFlows(a, b, packetsPerSecond: 2_000, size: 100);

        flows.Add(1);
        await Eventually.TrueAsync(() => flows.Received > 100);
        Assert.Equal(1, await StreamCount.OfAsync(a, b));

        var many = flows.Add(Many);
        await AssertStreamsAsync(a, b, Most);
        flows.Remove(many);
        flows.Remove(flows.Add(0));
        await AssertStreamsAsync(a, b, 1);

        flows.Add(Many);
        await AssertStreamsAsync(a, b, Most);
        var report = await flows.FinishAsync();

        output.WriteLine($"{report}\n{await a.StatusAsync()}");
        Assert.Equal((0, 0, 0), (report.Reordered, report.Duplicates, report.Malformed));
        Assert.Equal(await TunnelDrops.CountAsync(a, b), report.Lost);
    }

    private static async Task AssertStreamsAsync(LabNode from, LabNode to, int count)
    {
        var seen = 0;
        await Eventually.TrueAsync(
            async () => (seen = await StreamCount.OfAsync(from, to)) == count, $"there are {count} streams", () => $"There are {seen}.\n{from.Log}");
    }
}
