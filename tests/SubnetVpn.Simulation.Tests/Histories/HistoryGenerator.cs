using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>Makes a history from a seed; the same one for the same seed.</summary>
internal static class HistoryGenerator
{
    private static readonly int[] s_buffers = [4, 16, 100];
    private static readonly int[] s_delays = [0, 0, 1, 20, 200];
    private static readonly int[] s_bandwidths = [0, 0, 0, 50_000, 1_000_000];
    private static readonly int[] s_lengths = [32, 64, 200, 1400];

    public static HistoryPlan Make(int seed, SchedulerKind scheduler)
    {
        var random = new Random(seed);
        var theme = HistoryTheme.Pick(random);
        var nodes = random.Next(10) < 7 ? 2 : 3;
        var flows = random.Next(1, 7);
        var minStreams = random.Next(1, 4);
        return new HistoryPlan
        {
            Seed = seed,
            Scheduler = scheduler,
            Nodes = nodes,
            Flows = flows,
            HasBreaker = random.Next(3) == 0,
            MinStreams = minStreams,
            MaxStreams = minStreams + random.Next(0, 4),
            StreamQueue = Pick(random, s_buffers),
            WorkerBuffer = Pick(random, s_buffers),
            Links = new MemoryLinkSettings
            {
                Delay = TimeSpan.FromMilliseconds(Pick(random, s_delays)),
                BytesPerSecond = Pick(random, s_bandwidths),
                SplitReads = random.Next(3) == 0,
                Window = Pick(random, theme.Windows),
            },
            Steps = [.. Enumerable.Range(0, random.Next(5, 25)).Select(_ => MakeStep(random, theme, nodes, flows))],
        };
    }

    private static Step MakeStep(Random random, HistoryTheme theme, int nodes, int flows)
    {
        var kind = theme.PickKind(random);
        // Mostly one direction, so that steps meet.
        var a = random.Next(3) == 0 ? random.Next(nodes) : 0;
        var b = (a + (random.Next(3) == 0 ? random.Next(1, nodes) : 1)) % nodes;
        if (kind is StepKind.Block or StepKind.Unblock or StepKind.Refuse)
            (a, b) = (b, a);
        var x = kind switch
        {
            StepKind.Send => random.Next(flows),
            StepKind.ResetStream => random.Next(6),
            StepKind.Limits => random.Next(12),
            StepKind.Refuse => random.Next(2) == 0 ? 0 : random.Next(2, 20),
            StepKind.Delay => Pick(random, s_delays),
            StepKind.Bandwidth => Pick(random, s_bandwidths),
            StepKind.Advance => random.Next(1, Pick(random, theme.Pauses)),
            _ => 0,
        };
        var count = kind == StepKind.Send ? random.Next(1, 60) : random.Next(1, 16);
        return new Step(kind, a, b, x, count, Pick(random, s_lengths), Rest: random.Next(3) == 0);
    }

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
