using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>UDP at a pace of its own, through queues of the default length.</summary>
public sealed class BurstTests(ITestOutputHelper output)
{
    private const int PacketsPerSecond = 25_000, Size = 1200, Count = 4 * PacketsPerSecond;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Udp_TwentyFiveThousandASecond_StaysInOrderAndLossIsKnown(int count)
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await using var flows = new NumberedFlows(a, b, PacketsPerSecond, Size);

        flows.Add(count);
        await Eventually.TrueAsync(() => flows.Packets >= Count);
        var report = await flows.FinishAsync();

        var drops = await TunnelDrops.CountAsync(a, b);
        output.WriteLine(
            $"figure: UDP, {PacketsPerSecond} packets of {Size} bytes a second in {count} flow(s): {100.0 * report.Lost / report.Sent:F2} % lost "
            + $"({report}; {drops} counted; at most {flows.LargestBurst} at once)");
        Assert.Equal((0, 0, 0), (report.Reordered, report.Duplicates, report.Malformed));
        Assert.Equal(report.Lost, drops);
    }
}
