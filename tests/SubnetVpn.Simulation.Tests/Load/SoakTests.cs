using SubnetVpn.Simulation.Tests.World;

namespace SubnetVpn.Simulation.Tests.Load;

/// <summary>Ten minutes of virtual time with steady traffic and steady faults.</summary>
public sealed class SoakTests
{
    private const int Flows = 8;

    private static readonly TimeSpan s_duration = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    // Far below what ten minutes would add if each packet, stream or fault left something.
    private const long MaxGrowth = 4 * 1024 * 1024;

    [Fact(Timeout = 300_000)]
    public async Task ThreeNodes_TenMinutesOfTrafficAndFaults_KeepMemoryFlatAndLeaveNothingBehind()
    {
        await using var load = new CheckedWorld(3, static settings => settings with
        {
            WorkerIdleTimeout = TimeSpan.FromSeconds(10),
            WorkerCleanupInterval = TimeSpan.FromSeconds(5),
            StreamIdleTimeout = TimeSpan.FromSeconds(10),
            CleanupInterval = TimeSpan.FromSeconds(5),
            Resilience = settings.Resilience with { CircuitBreakerResetTimeout = TimeSpan.FromSeconds(5), RetryMaxInterval = TimeSpan.FromSeconds(2) },
        });

        await load.RunAsync(async () =>
        {
            var (world, random) = (load.World, new Random(11));
            await world.StartAsync();
            long? afterWarmUp = null;
            var nextFault = TimeSpan.FromSeconds(3);
            for (var tick = 0; world.Clock.Elapsed < s_duration; tick++)
            {
                SendTick(world, tick);
                if (world.Clock.Elapsed >= nextFault)
                {
                    await DisturbAsync(world, random);
                    nextFault = world.Clock.Elapsed + TimeSpan.FromSeconds(1 + random.Next(5));
                }
                await world.AdvanceAsync(s_tick);
                if (afterWarmUp is null && world.Clock.Elapsed >= s_warmUp)
                    afterWarmUp = GC.GetTotalMemory(forceFullCollection: true);
            }
            Heal(world);
            await load.SettleAsync();

            var growth = GC.GetTotalMemory(forceFullCollection: true) - afterWarmUp!.Value;
            Assert.True(growth < MaxGrowth, $"The memory grew by {growth} bytes.");
            var account = Account.Of(world);
            Assert.True(account.Delivered > account.Taken / 2, $"Too little got through: {account}");
            await load.CheckNothingLeftAsync();
        });
    }

    // Flows take turns, so that each is idle for long enough to be forgotten now and then.
    private static void SendTick(SimWorld world, int tick)
    {
        var resting = tick / 600 % Flows;
        foreach (var from in world.Nodes)
            foreach (var to in world.Nodes)
                for (var flow = 0; from != to && flow < Flows; flow++)
                    if (flow != resting)
                        from.Send(to.Number, flow, 1, 100 + (flow * 100));
    }

    private static async Task DisturbAsync(SimWorld world, Random random)
    {
        var one = world.Nodes[random.Next(3)];
        var other = world.Nodes[(one.Number + 1 + random.Next(2)) % 3];
        switch (random.Next(8))
        {
            case 0:
                world.Network.ResetStreams(one.Peer, other.Peer);
                break;
            case 1:
                world.Network.DropConnections(one.Peer, other.Peer);
                break;
            case 2:
                world.Network.Cut(one.Peer, other.Peer);
                break;
            case 3:
                world.Network.Link(one.Peer, other.Peer).Pause();
                break;
            case 4 when one.IsRunning:
                one.Tun.Block();
                break;
            case 5:
                await world.RunAsync(one.IsRunning ? one.StopAsync() : one.StartAsync());
                break;
            default:
                Heal(world);
                await world.StartAsync();
                break;
        }
    }

    private static void Heal(SimWorld world)
    {
        foreach (var one in world.Nodes)
        {
            foreach (var other in world.Nodes.Where(other => other != one))
            {
                world.Network.Restore(one.Peer, other.Peer);
                world.Network.Link(one.Peer, other.Peer).Resume();
            }
            if (one.IsRunning)
                one.Tun.Unblock();
        }
    }
}
