using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace SubnetVpn.Benchmarks;

/// <summary>Short runs in this process: BenchmarkDotNet would otherwise build a project of its own for each benchmark.</summary>
internal static class BenchmarkConfiguration
{
    private const int Warmups = 4;
    private const int Iterations = 6;

    // Long enough for the compiler's last tier to be in place after the warm-up.
    private static readonly TimeInterval s_iteration = TimeInterval.FromMilliseconds(120);

    public static IConfig Create() => ManualConfig.CreateEmpty()
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(Warmups).WithIterationCount(Iterations).WithIterationTime(s_iteration))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub)
        // From artifacts/bin/<project>/release: where the other results are, not where it was started.
        .WithArtifactsPath(Path.GetFullPath("../../../benchmarks", AppContext.BaseDirectory));
}
