using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Measures;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Sections;

/// <summary>All contenders over a veth pair.</summary>
internal static class VethSection
{
    private const int WarmUpSeconds = 1;

    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);

    public static Task MeasureAsync(BenchRun run)
    {
        var searches = new Dictionary<(string Contender, int Bytes), double>();
        return run.TakeTurnsAsync("veth", Contender.All, static () => Lab.CreateAsync("ab"), (lab, contender) => MeasureAsync(run, lab, contender, searches));
    }

    private static async Task MeasureAsync(BenchRun run, Lab lab, Contender contender, Dictionary<(string Contender, int Bytes), double> searches)
    {
        var (settings, figures) = (run.Settings, run.Figures);
        await Task.Delay(s_rest, run.Cancellation);
        await Iperf3.TcpAsync(lab, contender.Address, WarmUpSeconds);
        if (settings.Wants("ping"))
            figures.Add(contender.Name, Measure.IdlePing, await RoundTrips.MedianAsync(lab, contender.Address, 100, 0.02));
        if (settings.Wants("tcp"))
            await MeasureTcpAsync(run, lab, contender);
        if (settings.Wants("ping"))
            figures.Add(contender.Name, Measure.LoadedPing, await RoundTrips.UnderLoadAsync(lab, contender.Address, run.Cancellation));
        if (settings.Wants("udp"))
            await MeasureUdpAsync(run, lab, contender, searches);
        if (contender.Processes.Count > 0)
            figures.Add(contender.Name, Measure.LoadedMemory, ProcessUse.ResidentMegabytes(contender.Processes));
    }

    private static async Task MeasureTcpAsync(BenchRun run, Lab lab, Contender contender)
    {
        var (seconds, figures) = (run.Settings.Seconds, run.Figures);
        var before = ProcessUse.CpuSeconds(contender.Processes);
        var rate = await Iperf3.TcpAsync(lab, contender.Address, seconds);
        figures.Add(contender.Name, Measure.OneFlow, rate);
        if (contender.Processes.Count > 0)
            figures.Add(contender.Name, Measure.Cpu, (ProcessUse.CpuSeconds(contender.Processes) - before) / (rate * seconds / 8));
        run.Cancellation.ThrowIfCancellationRequested();
        figures.Add(contender.Name, Measure.EightFlows, await Iperf3.TcpAsync(lab, contender.Address, seconds, flows: 8));
        figures.Add(contender.Name, Measure.BothWays, await Iperf3.TcpAsync(lab, contender.Address, seconds, bothWays: true));
    }

    private static async Task MeasureUdpAsync(BenchRun run, Lab lab, Contender contender, Dictionary<(string Contender, int Bytes), double> searches)
    {
        var near = 0.0;
        foreach (var (bytes, measure) in new[] { (64, Measure.Udp64), (200, Measure.Udp200) })
        {
            var result = await UdpSearch.FindHighestRateAsync(
                rate => Iperf3.UdpAsync(lab, contender.Address, bytes, rate, UdpSearch.Seconds), searches.GetValueOrDefault((contender.Name, bytes), near), run.Cancellation);
            near = searches[(contender.Name, bytes)] = result.Rate;
            run.Figures.Add(contender.Name, measure, result.Rate / 1000);
            if (result.IsSendersLimit)
                run.Figures.AddLowerBound(contender.Name, measure);
        }
    }
}
