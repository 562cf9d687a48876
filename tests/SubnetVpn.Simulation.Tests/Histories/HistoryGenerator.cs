using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>Makes a history from a seed; the same one for the same seed.</summary>
internal static class HistoryGenerator
{
    private static readonly int[] s_buffers = [4, 16, 100];
    private static readonly int[] s_windows = [2048, 8192, 32_768, 262_144];
    private static readonly int[] s_delays = [0, 0, 1, 20, 200];
    private static readonly int[] s_bandwidths = [0, 0, 0, 50_000, 1_000_000];
    private static readonly int[] s_lengths = [32, 64, 200, 1400];

    // How often each kind comes, beside the others.
    private static readonly (StepKind Kind, int Weight)[] s_weights =
    [
        (StepKind.Send, 10), (StepKind.SendAll, 12), (StepKind.ResetStream, 4), (StepKind.ResetAll, 4), (StepKind.ResetWhileSending, 4),
        (StepKind.Drop, 3), (StepKind.Cut, 2), (StepKind.Restore, 2), (StepKind.Pause, 2), (StepKind.Resume, 2), (StepKind.Block, 2),
        (StepKind.Unblock, 2), (StepKind.Refuse, 1), (StepKind.Delay, 1), (StepKind.Bandwidth, 1), (StepKind.Advance, 8), (StepKind.Stop, 1),
        (StepKind.Crash, 1), (StepKind.Start, 2),
    ];

    private static readonly int s_totalWeight = s_weights.Sum(static weight => weight.Weight);

    public static HistoryPlan Make(int seed, SchedulerKind scheduler)
    {
        var random = new Random(seed);
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
                Window = Pick(random, s_windows),
            },
            Steps = [.. Enumerable.Range(0, random.Next(5, 25)).Select(_ => MakeStep(random, nodes, flows))],
        };
    }

    private static Step MakeStep(Random random, int nodes, int flows)
    {
        var kind = PickKind(random);
        var a = random.Next(nodes);
        var b = (a + random.Next(1, nodes)) % nodes;
        var x = kind switch
        {
            StepKind.Send => random.Next(flows),
            StepKind.ResetStream => random.Next(6),
            StepKind.Refuse => random.Next(2) == 0 ? 0 : random.Next(2, 20),
            StepKind.Delay => Pick(random, s_delays),
            StepKind.Bandwidth => Pick(random, s_bandwidths),
            // Mostly moments, sometimes long enough for what is idle to go.
            StepKind.Advance => random.Next(8) switch { < 4 => random.Next(1, 50), < 7 => random.Next(50, 1500), _ => random.Next(1500, 12_000) },
            _ => 0,
        };
        var count = kind == StepKind.Send ? random.Next(1, 60) : random.Next(1, 16);
        return new Step(kind, a, b, x, count, Pick(random, s_lengths), Rest: random.Next(3) == 0);
    }

    private static StepKind PickKind(Random random)
    {
        var left = random.Next(s_totalWeight);
        foreach (var (kind, weight) in s_weights)
            if ((left -= weight) < 0)
                return kind;
        return StepKind.Advance;
    }

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
