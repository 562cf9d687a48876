using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Measures;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Sections;

/// <summary>Resident memory of nodes that are connected, and carry nothing.</summary>
internal static class MemorySection
{
    // What starting took has gone back to the system by then.
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(16);

    public static Task MeasureAsync(BenchRun run) => run.RestTogetherAsync("memory", Contender.All, static () => Lab.CreateAsync("ab"), s_rest, contender =>
    {
        if (contender.Processes.Count > 0)
            run.Figures.Add(contender.Name, Measure.IdleMemory, ProcessUse.ResidentMegabytes(contender.Processes));
    });
}
