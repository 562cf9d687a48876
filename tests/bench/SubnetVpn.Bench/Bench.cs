using SubnetVpn.Bench.Reports;
using SubnetVpn.Bench.Sections;

namespace SubnetVpn.Bench;

/// <summary>One run: the sections that were asked for, one after the other, and the report of what they found.</summary>
internal static class Bench
{
    private const int Interrupted = 130; // What shells say of a program that Ctrl-C ended.

    public static async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        var run = new BenchRun(settings, new Figures(), cancellationToken);
        try
        {
            foreach (var (name, measure) in new (string, Func<BenchRun, Task>)[]
            {
                ("veth", VethSection.MeasureAsync), ("memory", MemorySection.MeasureAsync), ("wires", WireSection.MeasureAsync),
                ("start", StartSection.MeasureAsync), ("keys", KeySection.MeasureAsync), ("peers", PeerSection.MeasureAsync),
            })
            {
                if (name == "veth" ? settings.Wants("tcp") || settings.Wants("ping") || settings.Wants("udp") : settings.Wants(name))
                    await measure(run);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // What fails then fails because its processes were ended, too.
            await Console.Error.WriteLineAsync("Stopped: the report is of what was measured until then.");
            run.Fail("all", "it was stopped; some figures are of fewer rounds, some are missing");
        }
        var report = string.Join('\n', await Report.MakeAsync(run)) + "\n";
        Console.Write(report);
        if (settings.Output is { } file)
            await File.WriteAllTextAsync(file, report, CancellationToken.None);
        if (cancellationToken.IsCancellationRequested)
            return Interrupted;
        return run.Failures.Count == 0 ? 0 : 1;
    }
}
