namespace SubnetVpn.Bench.Reports;

/// <summary>A figure that we aim at.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Bound">The least or the most that it may be.</param>
/// <param name="IsLeast">Whether it is the least.</param>
/// <param name="Seen">What was measured; null for nothing.</param>
internal sealed record Goal(string Name, double Bound, bool IsLeast, double? Seen)
{
    public static Goal AtLeast(string name, double bound, double? seen) => new(name, bound, true, seen);

    public static Goal AtMost(string name, double bound, double? seen) => new(name, bound, false, seen);

    public bool IsMet => Seen is { } seen && (IsLeast ? seen >= Bound : seen <= Bound);

    /// <summary>A line of the table: the goal, what was seen, and how far it is when it was missed.</summary>
    public string ToRow(double seen)
    {
        var outcome = IsMet ? "met" : $"**missed**: {Figures.Short(100 * Math.Abs(seen - Bound) / Bound)} % {(IsLeast ? "below" : "above")}";
        return $"| {Name} | {(IsLeast ? '≥' : '≤')} {Figures.Short(Bound)} | {Figures.Short(seen)} | {outcome} |";
    }
}
