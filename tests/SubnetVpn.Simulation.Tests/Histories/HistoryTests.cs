using System.Collections.Concurrent;
using SubnetVpn.Core.Packets;
using SubnetVpn.Simulation.Tests.World;

namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>
/// Random histories of faults on whole nodes. <c>SUBNETVPN_SIM_SEED=7 SUBNETVPN_SIM_COUNT=1 SUBNETVPN_SIM_REPEAT=100</c> runs the
/// history of one seed many times, which is what a failure asks for: threads make each run a little different.
/// </summary>
public sealed class HistoryTests
{
    // Histories at a time: they share the waits for the thread pool.
    private const int Lanes = 64;

    [Theory]
    [InlineData(SchedulerKind.Sticky, 3000)]
    [InlineData(SchedulerKind.Multiplex, 3000)]
    [InlineData(SchedulerKind.Seeded, 6000)]
    public async Task Histories_WithRandomFaults_KeepEveryFlowInOrderAndEveryPacketAccountedFor(SchedulerKind scheduler, int count)
    {
        var failures = new ConcurrentQueue<string>();
        var next = -1;
        var runs = (HistoryOptions.Count ?? count) * HistoryOptions.Repeat;
        var lanes = Math.Min(Lanes, runs);
        using var gate = new RestGate();
        for (var lane = 0; lane < lanes; lane++)
            gate.Join();

        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(RunManyAsync)));

        Assert.True(failures.IsEmpty, $"{failures.Count} of {Math.Min(next + 1, runs)} histories failed.\n{string.Join("\n\n", failures.Take(HistoryOptions.MaxFailures))}");

        async Task RunManyAsync()
        {
            // Buffers are costly to make. After a failure some may be missing, or be used by what still runs.
            var pool = NewPool();
            while (failures.Count < HistoryOptions.MaxFailures && Interlocked.Increment(ref next) is var index && index < runs)
            {
                var plan = HistoryGenerator.Make(HistoryOptions.FirstSeed + (index / HistoryOptions.Repeat), scheduler);
                var faults = await RunAsync(plan, pool);
                if (faults.IsEmpty)
                    continue;
                pool = NewPool();
                failures.Enqueue($"seed {plan.Seed}: {faults}\n{await ShrinkAsync(plan)}");
            }
            gate.Leave();
        }

        async Task<string> ShrinkAsync(HistoryPlan plan)
        {
            // The first ones tell enough.
            if (failures.Count >= 3)
                return plan.ToString();
            var shorter = await HistoryShrinker.ShrinkAsync(plan, async candidate => !(await RunAsync(candidate, NewPool())).IsEmpty);
            return shorter.Steps.Count == plan.Steps.Count ? plan.ToString() : $"{shorter}\n  Left out as not needed: {plan.Steps.Count - shorter.Steps.Count} steps.";
        }

        async Task<FaultList> RunAsync(HistoryPlan plan, PacketPool pool)
        {
            var run = new HistoryRun(plan, pool, gate);
            await run.RunAsync();
            return run.Faults;
        }
    }

    private static PacketPool NewPool() => new(new PacketPoolOptions { CheckMisuse = true });
}
