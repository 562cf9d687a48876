using System.Diagnostics;
using System.Globalization;
using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Measures;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench;

/// <summary>One run: all contenders on one wire take turns, so that a noisy machine is noisy for each of them.</summary>
internal static class Bench
{
    private static readonly TimeSpan s_upTimeout = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(Settings settings)
    {
        var figures = new Figures();
        if (settings.Wants("tcp") || settings.Wants("ping") || settings.Wants("udp"))
            await MeasureVethAsync(settings, figures);
        if (settings.Wants("start"))
            await MeasureStartAsync(settings, figures);
        if (settings.Wants("wires"))
            await MeasureWiresAsync(settings, figures);
        var report = string.Join('\n', Report.Of(figures, settings)) + "\n";
        Console.Write(report);
        if (settings.Output is { } file)
            await File.WriteAllTextAsync(file, report);
        return 0;
    }

    private static List<Contender> Choose(Settings settings, params Contender[] all)
    {
        var chosen = new List<Contender>();
        foreach (var contender in all)
        {
            var missing = contender.Needs.Where(need => Exec.Find(need.Command) is null).Select(need => need.Package).Distinct().ToList();
            if (settings.Only.Count > 0 && !settings.Only.Contains(contender.Name))
                continue;
            if (missing.Count > 0)
                Console.Error.WriteLine($"{contender.Name} is left out: {string.Join(", ", missing)} is not installed.");
            else
                chosen.Add(contender);
        }
        return chosen;
    }

    private static async Task<List<Contender>> StartAsync(Lab lab, List<Contender> contenders)
    {
        var up = new List<Contender>();
        foreach (var contender in contenders)
        {
            await contender.StartAsync(lab);
            var clock = Stopwatch.StartNew();
            var isUp = false;
            while (!(isUp = await RoundTrips.IsAnsweredAsync(lab, contender.Address)) && clock.Elapsed < s_upTimeout)
                await Task.Delay(50);
            if (isUp)
                up.Add(contender);
            else
                Console.Error.WriteLine($"{contender.Name} carries nothing and is left out. It said:\n{string.Join('\n', contender.Processes.Select(static process => process.Said))}");
        }
        return up;
    }

    private static async Task MeasureVethAsync(Settings settings, Figures figures)
    {
        await using var lab = await Lab.CreateAsync("ab");
        var contenders = await StartAsync(lab, Choose(
            settings, new SubnetVpnNodes(), new WireGuardGo(), new Nebula(), new Tinc(), new OpenVpn(), new N2n(), new Fastd(), new Yggdrasil(), new Pump(), new BareWire()));
        foreach (var contender in contenders.Where(static contender => contender.Processes.Count > 0))
            figures.Add(contender.Name, Measure.IdleMemory, ProcessUse.ResidentMegabytes(contender.Processes));
        for (var round = 1; round <= settings.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {settings.Rounds}");
            foreach (var contender in contenders)
            {
                if (settings.Wants("ping"))
                    figures.Add(contender.Name, Measure.IdlePing, await RoundTrips.MedianAsync(lab, contender.Address, 100, 0.02));
                if (settings.Wants("tcp"))
                    await MeasureTcpAsync(lab, contender, settings, figures);
                if (settings.Wants("ping"))
                    figures.Add(contender.Name, Measure.LoadedPing, await PingUnderLoadAsync(lab, contender));
                if (settings.Wants("udp") && contender is not (BareWire or Pump))
                    await MeasureUdpAsync(lab, contender, figures);
            }
        }
        foreach (var contender in contenders.Where(static contender => contender.Processes.Count > 0))
            figures.Add(contender.Name, Measure.LoadedMemory, ProcessUse.ResidentMegabytes(contender.Processes));
    }

    private static async Task MeasureTcpAsync(Lab lab, Contender contender, Settings settings, Figures figures)
    {
        var before = ProcessUse.CpuSeconds(contender.Processes);
        var rate = await Iperf3.TcpAsync(lab, contender.Address, settings.Seconds);
        figures.Add(contender.Name, Measure.OneFlow, rate);
        if (contender.Processes.Count > 0)
            figures.Add(contender.Name, Measure.Cpu, (ProcessUse.CpuSeconds(contender.Processes) - before) / (rate * settings.Seconds / 8));
        figures.Add(contender.Name, Measure.EightFlows, await Iperf3.TcpAsync(lab, contender.Address, settings.Seconds, flows: 8));
        figures.Add(contender.Name, Measure.BothWays, await Iperf3.TcpAsync(lab, contender.Address, settings.Seconds, bothWays: true));
    }

    private static async Task<double> PingUnderLoadAsync(Lab lab, Contender contender)
    {
        var load = Iperf3.TcpAsync(lab, contender.Address, seconds: 5);
        await Task.Delay(1000);
        var median = await RoundTrips.MedianAsync(lab, contender.Address, count: 60, interval: 0.05);
        await load;
        return median;
    }

    private static async Task MeasureUdpAsync(Lab lab, Contender contender, Figures figures)
    {
        foreach (var (bytes, measure) in new[] { (64, Measure.Udp64), (200, Measure.Udp200) })
            figures.Add(contender.Name, measure, await UdpSearch.FindHighestRateAsync(lab, contender.Address, bytes) / 1000);
    }

    private static async Task MeasureStartAsync(Settings settings, Figures figures)
    {
        for (var round = 1; round <= settings.Rounds; round++)
        {
            await using var lab = await Lab.CreateAsync("ab");
            var (a, b) = await lab.AddPairAsync();
            var clock = Stopwatch.StartNew();
            a.Launch();
            b.Launch();
            while (!await RoundTrips.IsAnsweredAsync(lab, b.VirtualIp) && clock.Elapsed < s_upTimeout)
            {
            }
            figures.Add(new SubnetVpnNodes().Name, Measure.Start, clock.Elapsed.TotalSeconds);
        }
    }

    private static async Task MeasureWiresAsync(Settings settings, Figures figures)
    {
        foreach (var (measure, wire) in new[]
        {
            (Measure.MildWire, "delay=2 jitter=2 loss=0.25 reorder=0.5 rate=1000"),
            (Measure.BadWire, "delay=4 jitter=7 loss=1 reorder=2.5 rate=1000"),
            (Measure.SlowLoadedPing, "delay=10 rate=100"),
        })
        {
            await using var lab = await Lab.CreateAsync("ab", Native.Wire, wire);
            var contenders = await StartAsync(lab, Choose(settings, new SubnetVpnNodes(), new WireGuardGo(), new Nebula(), new BareWire()));
            for (var round = 1; round <= settings.Rounds; round++)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wire}: round {round} of {settings.Rounds}"));
                foreach (var contender in contenders)
                {
                    if (measure != Measure.SlowLoadedPing)
                    {
                        figures.Add(contender.Name, measure, 1000 * await Iperf3.TcpAsync(lab, contender.Address, Math.Max(10, settings.Seconds)));
                        continue;
                    }
                    figures.Add(contender.Name, Measure.SlowIdlePing, await RoundTrips.MedianAsync(lab, contender.Address, 50, 0.02));
                    figures.Add(contender.Name, measure, await PingUnderLoadAsync(lab, contender));
                }
            }
        }
    }
}
