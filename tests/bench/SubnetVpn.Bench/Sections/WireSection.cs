using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Measures;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Sections;

/// <summary>The nearest contenders over wires that lose, delay and reorder, and over a slow one.</summary>
internal static class WireSection
{
    // What fights loss needs a while to find its rate.
    private const int LeastSeconds = 8;

    public static async Task MeasureAsync(BenchRun run)
    {
        await MeasureTcpAsync(run, Measure.MildWire, "delay=2 jitter=2 loss=0.25 reorder=0.5 rate=1000");
        await MeasureTcpAsync(run, Measure.BadWire, "delay=4 jitter=7 loss=1 reorder=2.5 rate=1000");
        const string slow = "delay=10 rate=100";
        await run.TakeTurnsAsync(slow, Contender.OnWires, static () => Lab.CreateAsync("ab", Native.Wire, slow), async (lab, contender) =>
        {
            run.Figures.Add(contender.Name, Measure.SlowIdlePing, await RoundTrips.MedianAsync(lab, contender.Address, 50, 0.02));
            run.Figures.Add(contender.Name, Measure.SlowLoadedPing, await RoundTrips.UnderLoadAsync(lab, contender.Address, run.Cancellation));
        });
    }

    private static Task MeasureTcpAsync(BenchRun run, string measure, string wire) =>
        run.TakeTurnsAsync(wire, Contender.OnWires, () => Lab.CreateAsync("ab", Native.Wire, wire), async (lab, contender) =>
            run.Figures.Add(contender.Name, measure, 1000 * await Iperf3.TcpAsync(lab, contender.Address, Math.Max(LeastSeconds, run.Settings.Seconds))));
}
