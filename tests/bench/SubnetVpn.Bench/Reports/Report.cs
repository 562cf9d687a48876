using System.Globalization;
using SubnetVpn.Bench.Measures;

namespace SubnetVpn.Bench.Reports;

/// <summary>The report: how it was measured, tables of what was measured, and what we aim at.</summary>
internal static class Report
{
    public static async Task<IReadOnlyList<string>> MakeAsync(BenchRun run)
    {
        var figures = run.Figures;
        List<string> lines =
        [
            "# Bench", "", $"Made by `tests/bench/run{Arguments()}`. Compare within a table; machines differ.", "",
            .. await Circumstances.DescribeAsync(run),
        ];
        foreach (var measures in Measure.Tables)
        {
            var table = figures.ToTable(measures).ToList();
            if (table.Count > 0)
                lines.AddRange(["", .. table]);
        }
        var goals = Goals.Of(figures).ToList();
        if (goals.Exists(static goal => goal.Seen is not null))
            lines.AddRange(["", "| goal | bound | seen | |", "|---|---|---|---|"]);
        lines.AddRange(goals.Where(static goal => goal.Seen is not null).Select(static goal => goal.ToRow(goal.Seen!.Value)));
        if (figures.LowerBounds.Count > 0)
            lines.AddRange(["", $"Lower bounds, as iperf3 could not send faster: {string.Join("; ", figures.LowerBounds.Select(static bound => string.Create(CultureInfo.InvariantCulture, $"{bound.Key} ({bound.Value} of the searches)")))}."]);
        if (goals.Exists(static goal => goal.Seen is null))
            lines.AddRange(["", $"Not measured: {string.Join("; ", goals.Where(static goal => goal.Seen is null).Select(static goal => goal.Name))}."]);
        if (run.Failures.Count > 0)
            lines.AddRange(["", "Failed:", "", .. run.Failures.Select(static failure => $"- {failure}")]);
        return lines;
    }

    private static string Arguments() => string.Concat(Environment.GetCommandLineArgs().Skip(1).Select(static argument => argument.Contains(' ') ? $" '{argument}'" : ' ' + argument));
}
