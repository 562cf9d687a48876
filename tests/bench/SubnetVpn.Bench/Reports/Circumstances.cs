using System.Globalization;
using SubnetVpn.Bench.Contenders;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Reports;

/// <summary>On what, with what and how it was measured, in words.</summary>
internal static class Circumstances
{
    public static async Task<IReadOnlyList<string>> DescribeAsync(BenchRun run)
    {
        var settings = run.Settings;
        var minutes = (TimeProvider.System.GetUtcNow() - run.StartedAt).TotalMinutes;
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
        var available = Kernel("net/ipv4/tcp_available_congestion_control");
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"""
                **Machine.** Both ends and the load generator on one machine, in network namespaces: {Environment.ProcessorCount} processors ({processor}),
                Linux {Kernel("kernel/osrelease")}. {run.StartedAt:yyyy-MM-dd}, {minutes:0} minutes.
                """),
            "",
            string.Create(CultureInfo.InvariantCulture, $"""
                **Method.** Medians of {settings.Rounds} rounds (least–greatest). In each round the contenders take turns, each alone on the machine, freshly started,
                in namespaces of its own: a second of rest, a second of load to warm up, 100 pings; iperf3 for {settings.Seconds} s with
                one flow (processor time of both ends by it), with eight, and with one each way; 60 pings while one flow loads the tunnel; the highest
                UDP rate with less than 1 % loss in runs of 1 s, where a rate is bad that was lossy twice, found within 3 %; resident memory of
                the larger end. Idle, that is 16 s after all were connected, beside each other. The bare link and the plaintext pump show
                what the load generator and the way without encryption can do. TCP inside the tunnels is cubic;
                outside, connections of the contenders have what they choose, and else the system's default, {Kernel("net/ipv4/tcp_congestion_control")} (available: {available}). Memory
                per key and per peer is the growth of resident memory, after the daemon's collector was told to run.
                """),
            "",
            $"**Versions.** SubnetVpn.Modular of {await CommitAsync()}; of the distribution {string.Join(", ", await PackagesAsync())}.",
        ];
    }

    private static string Kernel(string name) => File.ReadAllText($"/proc/sys/{name}").Trim();

    private static async Task<string> CommitAsync()
    {
        var commit = await Exec.RunAsync("git", "-C", Repository.Root, "describe", "--always", "--dirty");
        return commit.ExitCode == 0 ? $"commit {commit.Output.Trim()}" : "an unknown commit";
    }

    private static async Task<IReadOnlyList<string>> PackagesAsync()
    {
        string[] packages = [.. Contender.All.SelectMany(static create => create().Needs).Select(static need => need.Package).Append("iperf3").Distinct()];
        if (Exec.Find("dpkg-query") is null)
            return packages;
        var known = await Exec.RunAsync("dpkg-query", ["-W", "-f", "${Package} ${Version}\n", .. packages]);
        return known.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
