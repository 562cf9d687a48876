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

        using var gate = new RestGate();
        var lanes = Math.Min(Lanes, runs);
        for (var lane = 0; lane < lanes; lane++)
            gate.Join();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(() => RunManyAsync(gate))));

        Assert.True(failures.IsEmpty, $"{failures.Count} of {Math.Min(next + 1, runs)} histories failed.\n{string.Join("\n\n", failures.Take(HistoryOptions.MaxFailures))}");

        async Task RunManyAsync(RestGate gate)
        {
            var pool = NewPool();
            while (failures.Count < HistoryOptions.MaxFailures && Interlocked.Increment(ref next) is var index && index < runs)
            {
                var plan = HistoryGenerator.Make(HistoryOptions.FirstSeed + (index / HistoryOptions.Repeat), scheduler);
                var run = new HistoryRun(plan, pool, gate);
                await run.RunAsync();
                if (run.Faults.IsEmpty)
                    continue;
                failures.Enqueue($"seed {plan.Seed}: {run.Faults}\n{plan}");
                pool = NewPool();
            }
            gate.Leave();
        }
    }

    private static PacketPool NewPool() => new(new PacketPoolOptions { CheckMisuse = true });
}
