namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>What a history is mostly about: some faults are rare unless they come with what makes them hurt.</summary>
/// <param name="Windows">Windows of the links to choose from, in bytes.</param>
/// <param name="Pauses">How long time passes, in milliseconds: to choose from, then anything below it.</param>
/// <param name="Weights">How often each kind of step comes, beside the others.</param>
internal sealed record HistoryTheme(int[] Windows, int[] Pauses, params (StepKind Kind, int Weight)[] Weights)
{
    private static readonly HistoryTheme s_mixed = new(
        [2048, 8192, 32_768, 262_144],
        [50, 50, 50, 50, 1500, 1500, 1500, 12_000],
        (StepKind.Send, 10), (StepKind.SendAll, 12), (StepKind.ResetStream, 4), (StepKind.ResetAll, 4), (StepKind.ResetWhileSending, 4),
        (StepKind.Drop, 3), (StepKind.Cut, 2), (StepKind.Restore, 2), (StepKind.Pause, 2), (StepKind.Resume, 2), (StepKind.Block, 2),
        (StepKind.Unblock, 2), (StepKind.Refuse, 1), (StepKind.Delay, 1), (StepKind.Bandwidth, 1), (StepKind.Advance, 8), (StepKind.Stop, 1),
        (StepKind.Crash, 1), (StepKind.Start, 2), (StepKind.Limits, 1));

    // Queues and windows that fill up, flows that wait to be moved, streams that end then.
    private static readonly HistoryTheme s_slow = new(
        [2048, 8192],
        [20, 100, 400, 400, 1500],
        (StepKind.Send, 12), (StepKind.SendAll, 14), (StepKind.ResetStream, 8), (StepKind.ResetWhileSending, 3), (StepKind.Block, 8),
        (StepKind.Unblock, 4), (StepKind.Pause, 2), (StepKind.Resume, 3), (StepKind.Bandwidth, 3), (StepKind.Limits, 4), (StepKind.Advance, 16));

    // Flows that come, go idle, and come back while the pool scales.
    private static readonly HistoryTheme s_scaling = new(
        [8192, 32_768],
        [100, 1500, 1500, 6000, 12_000],
        (StepKind.Send, 14), (StepKind.SendAll, 10), (StepKind.ResetStream, 3), (StepKind.Drop, 1), (StepKind.Delay, 3), (StepKind.Block, 2),
        (StepKind.Unblock, 2), (StepKind.Limits, 4), (StepKind.Advance, 20));

    private static readonly HistoryTheme[] s_all = [s_mixed, s_mixed, s_slow, s_slow, s_scaling];

    private readonly int _totalWeight = Weights.Sum(static weight => weight.Weight);

    public static HistoryTheme Pick(Random random) => s_all[random.Next(s_all.Length)];

    public StepKind PickKind(Random random)
    {
        var left = random.Next(_totalWeight);
        foreach (var (kind, weight) in Weights)
            if ((left -= weight) < 0)
                return kind;
        return StepKind.Advance;
    }
}
