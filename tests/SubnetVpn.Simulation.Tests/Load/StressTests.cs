using SubnetVpn.Simulation.Tests.World;

namespace SubnetVpn.Simulation.Tests.Load;

/// <summary>Many peers and very many flows while peers come and go.</summary>
public sealed class StressTests
{
    private const int Peers = 200;
    private const int FlowsPerPeer = 250;
    private const int Rounds = 6;

    private static readonly TimeSpan s_workerIdle = TimeSpan.FromSeconds(30);

    [Fact(Timeout = 300_000)]
    public async Task TwoHundredPeers_FiftyThousandFlows_WithChurn_LeaveNothingBehind()
    {
        // One node in the middle that all others know.
        await using var load = new CheckedWorld(Peers + 1, knows: static (one, other) => one.Number == 0 || other.Number == 0, change: static settings => settings with
        {
            MinStreamsPerPeer = 1,
            MaxStreamsPerPeer = 4,
            WorkerIdleTimeout = s_workerIdle,
            WorkerCleanupInterval = TimeSpan.FromSeconds(10),
            StreamIdleTimeout = TimeSpan.FromSeconds(20),
            CleanupInterval = TimeSpan.FromSeconds(10),
        });

        await load.RunAsync(async () =>
        {
            var (world, random) = (load.World, new Random(7));
            var hub = world.Nodes[0];
            await world.StartAsync();
            for (var round = 0; round < Rounds; round++)
            {
                for (var peer = 1; peer <= Peers; peer++)
                {
                    SendRound(world, hub, peer, round);
                    if (random.Next(8) == 0)
                        Disturb(world, random, hub, world.Nodes[peer]);
                    if (peer % 10 == 0)
                        await world.RestAsync();
                }
                await ChurnAsync(world, random);
                await world.AdvanceAsync(TimeSpan.FromSeconds(1));
            }
            Assert.InRange(hub.Totals.Workers, Peers * FlowsPerPeer * 9 / 10, Peers * FlowsPerPeer);

            foreach (var node in world.Nodes.Skip(1))
                world.Network.Restore(hub.Peer, node.Peer);
            await load.SettleAsync();
            Assert.InRange(Account.Of(world).Delivered, Peers * FlowsPerPeer, long.MaxValue);

            await world.AdvanceAsync(s_workerIdle * 2);
            Assert.Equal(0, world.Totals.Workers);
            await load.CheckNothingLeftAsync();
        });
    }

    // Every flow of the hub is used; the answers of the peers are fewer.
    private static void SendRound(SimWorld world, SimNode hub, int peer, int round)
    {
        for (var flow = 0; flow < FlowsPerPeer; flow++)
            hub.Send(peer, flow, 1, 64);
        world.Nodes[peer].Send(0, round, 20, 200);
    }

    private static void Disturb(SimWorld world, Random random, SimNode hub, SimNode peer)
    {
        switch (random.Next(4))
        {
            case 0:
                world.Network.ResetStreams(hub.Peer, peer.Peer);
                break;
            case 1:
                world.Network.DropConnections(hub.Peer, peer.Peer);
                break;
            case 2:
                world.Network.Cut(hub.Peer, peer.Peer);
                break;
            default:
                world.Network.Restore(hub.Peer, peer.Peer);
                break;
        }
    }

    private static async Task ChurnAsync(SimWorld world, Random random)
    {
        for (var i = 0; i < Peers / 10; i++)
        {
            var peer = world.Nodes[random.Next(1, Peers + 1)];
            await world.RunAsync(peer.IsRunning ? (random.Next(2) == 0 ? peer.StopAsync() : peer.CrashAsync()) : peer.StartAsync());
        }
    }
}
