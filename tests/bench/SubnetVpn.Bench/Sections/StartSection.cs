using System.Diagnostics;
using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Measures;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Sections;

/// <summary>From the start of both daemons to the first reply to a ping between them.</summary>
internal static class StartSection
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    public static Task MeasureAsync(BenchRun run) => run.RepeatAsync("start", async () =>
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        var clock = Stopwatch.StartNew();
        a.Launch();
        b.Launch();
        while (!await RoundTrips.IsAnsweredAsync(lab, b.VirtualIp))
        {
            if (clock.Elapsed > s_timeout)
                throw new TimeoutException($"no ping was answered.\n{a.Log}\n{b.Log}");
        }
        run.Figures.Add(SubnetVpnNodes.ProductName, Measure.Start, clock.Elapsed.TotalSeconds);
    });
}
