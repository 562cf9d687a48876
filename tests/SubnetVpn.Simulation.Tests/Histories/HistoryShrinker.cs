namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>Makes a history that fails shorter: leaves out every step without which it still fails now and then.</summary>
internal static class HistoryShrinker
{
    // Threads decide, too: a step is needed when it fails this often without it.
    private const int Attempts = 6;

    public static async Task<HistoryPlan> ShrinkAsync(HistoryPlan plan, Func<HistoryPlan, Task<bool>> failsAsync)
    {
        for (var i = plan.Steps.Count - 1; i >= 0; i--)
        {
            var shorter = plan with { Steps = [.. plan.Steps.Where((_, index) => index != i)] };
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (!await failsAsync(shorter))
                    continue;
                plan = shorter;
                break;
            }
        }
        return plan;
    }
}
