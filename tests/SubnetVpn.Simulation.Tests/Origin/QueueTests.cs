using SubnetVpn.Simulation.Tests.World;

namespace SubnetVpn.Simulation.Tests.Origin;

/// <summary>Faults that the original's queues had: memory without bound, and packets that overtook each other.</summary>
public sealed class QueueTests
{
    [Fact(Timeout = 120_000)]
    public async Task PausedPeer_UnderAFlood_HoldsNoMoreThanItsQueues()
    {
        const int Flows = 20;
        await using var test = new CheckedWorld(2);

        await test.RunAsync(async () =>
        {
            var world = test.World;
            await world.StartAsync();
            world.Nodes[0].Send(1, 0, 1, 100);
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));
            world.Link(0, 1).Pause();

            // 280 MB, of which the queues of ten streams may hold 20 MiB.
            var most = 0;
            for (var round = 0; round < 100; round++)
            {
                for (var flow = 0; flow < Flows; flow++)
                    world.Nodes[0].Send(1, flow, 100, 1400);
                await world.RestAsync();
                most = Math.Max(most, test.Pool.Rented);
                await world.AdvanceAsync(TimeSpan.FromMilliseconds(20));
            }
            Assert.InRange(most, 1000, 10 * 2 * 1024 * 1024 / 1400);
            Assert.InRange(world.Totals.Dropped, 150_000, 200_000);

            world.Link(0, 1).Resume();
            await test.SettleAsync();
            await test.CheckNothingLeftAsync();
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task PeerWithoutStream_UnderAScanOfPorts_HoldsNoMoreThanItsBudget()
    {
        await using var test = new CheckedWorld(2);

        await test.RunAsync(async () =>
        {
            var world = test.World;
            await world.StartAsync();
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));
            world.Link(0, 1).Pause();
            world.Network.ResetStreams(world.Nodes[0].Peer, world.Nodes[1].Peer);
            await world.RestAsync();

            for (var flow = 0; flow < 10_000; flow++)
                world.Nodes[0].Send(1, flow, 2, 1400);
            await world.RestAsync();
            Assert.InRange(test.Pool.Rented, 1000, 4096 + 100);

            world.Link(0, 1).Resume();
            await test.SettleAsync();
            await test.CheckNothingLeftAsync();
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task StreamReplaced_WhileItsReaderIsHeldUp_KeepsTheFlowInOrder()
    {
        await using var test = new CheckedWorld(2, static settings => settings with { MinStreamsPerPeer = 2, MaxStreamsPerPeer = 2 });

        await test.RunAsync(async () =>
        {
            var (world, from, to) = (test.World, test.World.Nodes[0], test.World.Nodes[1]);
            await world.StartAsync();
            await world.AdvanceAsync(TimeSpan.FromSeconds(2));

            for (var round = 0; round < 50; round++)
            {
                // The first stream's reader holds packets that it cannot deliver, while the next one brings more.
                to.Tun.Block();
                from.Send(1, 0, 30, 1400);
                await world.RestAsync();
                world.Network.ResetStreams(from.Peer, to.Peer);
                from.Send(1, 0, 30, 1400);
                await world.AdvanceAsync(TimeSpan.FromMilliseconds(1500));
                to.Tun.Unblock();
                await world.AdvanceAsync(TimeSpan.FromMilliseconds(500));
            }

            await test.SettleAsync();
            await test.CheckNothingLeftAsync();
        });
    }
}
