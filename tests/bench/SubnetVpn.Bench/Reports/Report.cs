using System.Globalization;
using SubnetVpn.Bench.Measures;

namespace SubnetVpn.Bench;

/// <summary>The report: tables of what was measured, and the ratios that we aim at.</summary>
internal static class Report
{
    private const string Ours = "SubnetVpn.Modular", WireGuard = "wireguard-go", Nebula = "nebula", Bare = "bare link", Limit = "plaintext pump";

    public static IEnumerable<string> Of(Figures figures, Settings settings)
    {
        yield return "# Bench";
        yield return "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Both ends and the load generator on one machine: {Environment.ProcessorCount} processors, Linux {Environment.OSVersion.Version}. Medians of {settings.Rounds} rounds (least–greatest), {settings.Seconds} s each. Compare within a table; machines differ.");
        yield return "";
        yield return $"Made by `tests/bench/run{Arguments()}`.";
        foreach (var measures in new[] { Measure.OnVeth, Measure.OnBadWires })
        {
            var table = figures.ToTable(measures).ToList();
            if (table.Count > 0)
                yield return "";
            foreach (var line in table)
                yield return line;
        }
        yield return "";
        yield return "| ratio | goal | seen |";
        yield return "|---|---|---|";
        foreach (var (name, goal, seen) in Goals(figures))
            if (seen is { } value)
                yield return $"| {name} | {goal} | {Figures.Short(value)} |";
    }

    private static IEnumerable<(string Name, string Goal, double? Seen)> Goals(Figures figures)
    {
        yield return ("TCP 1 flow: ours / wireguard-go", "≥ 12", figures.Ratio(Ours, WireGuard, Measure.OneFlow));
        yield return ("TCP 1 flow: ours / nebula", "≥ 8", figures.Ratio(Ours, Nebula, Measure.OneFlow));
        yield return ("TCP 1 flow: ours / plaintext pump", "≥ 0.65", figures.Ratio(Ours, Limit, Measure.OneFlow));
        yield return ("TCP 8 flows / 1 flow, ours", "≥ 1", figures.Find(Ours, Measure.EightFlows) / figures.Find(Ours, Measure.OneFlow));
        yield return ("TCP both ways / 1 flow, ours", "≥ 1", figures.Find(Ours, Measure.BothWays) / figures.Find(Ours, Measure.OneFlow));
        yield return ("CPU per GB, seconds, ours", "≤ 5", figures.Find(Ours, Measure.Cpu));
        yield return ("ping idle: ours / wireguard-go", "≤ 1", figures.Ratio(Ours, WireGuard, Measure.IdlePing));
        yield return ("ping under load − idle, ms, ours", "≤ 5", figures.Find(Ours, Measure.LoadedPing) - figures.Find(Ours, Measure.IdlePing));
        yield return ("UDP 64 B: ours / wireguard-go", "≥ 2", figures.Ratio(Ours, WireGuard, Measure.Udp64));
        yield return ("UDP 64 B: ours / nebula", "≥ 1.25", figures.Ratio(Ours, Nebula, Measure.Udp64));
        yield return ("UDP 200 B: ours / wireguard-go", "≥ 2", figures.Ratio(Ours, WireGuard, Measure.Udp200));
        yield return ("UDP 200 B: ours / nebula", "≥ 1.25", figures.Ratio(Ours, Nebula, Measure.Udp200));
        yield return ("RSS after load, MB, ours", "≤ 150", figures.Find(Ours, Measure.LoadedMemory));
        yield return ("start to first ping, s, ours", "≤ 1", figures.Find(Ours, Measure.Start));
        yield return ("2 ± 2 ms wire: ours / bare link", "≥ 4", figures.Ratio(Ours, Bare, Measure.MildWire));
        yield return ("4 ± 7 ms wire: ours / bare link", "≥ 6", figures.Ratio(Ours, Bare, Measure.BadWire));
        yield return ("100 Mbit/s wire: ping under load / idle, ours", "≤ 2", figures.Find(Ours, Measure.SlowLoadedPing) / figures.Find(Ours, Measure.SlowIdlePing));
    }

    private static string Arguments() => string.Concat(Environment.GetCommandLineArgs().Skip(1).Select(static argument => ' ' + argument));
}
