using SubnetVpn.Discovery;
using SubnetVpn.Simulation.Tests.World;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Simulation.Tests.Origin;

/// <summary>Faults of the original by which one peer stalled all: dials and lookups on the packet path.</summary>
public sealed class PeerTests
{
    private const int SilentNode = 2;

    [Fact(Timeout = 120_000)]
    public async Task PeerWhoseDialNeverReturns_DoesNotHoldUpAnother()
    {
        const int Packets = 50;
        await using var test = new CheckedWorld(3, isSilent: static peer => peer == TestPeers.Create(SilentNode));

        await test.RunAsync(async () =>
        {
            var (world, from, to) = (test.World, test.World.Nodes[0], test.World.Nodes[1]);
            await world.StartAsync();
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));

            for (var round = 0; round < 20; round++)
            {
                from.Send(SilentNode, round, 100, 1400);
                from.Send(1, 0, Packets, 1400);
                await world.AdvanceAsync(TimeSpan.FromMilliseconds(10));
                Assert.Equal(((round + 1) * Packets) - 1, to.Log.LastOf(from.Flow(1, 0)));
            }
            Assert.Equal(20 * Packets, to.Log.Delivered);

            await test.SettleAsync();
            var drops = from.Service.GetMetrics().OutboundDrops;
            Assert.Equal(20 * 100, drops.Where(static drop => drop.Key is PacketDropReason.WaitedTooLong or PacketDropReason.PeerUnreachable
                or PacketDropReason.CircuitOpen or PacketDropReason.WorkerBufferFull).Sum(static drop => drop.Value));
            await test.CheckNothingLeftAsync();
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task UnknownDestination_IsLookedUpOnce_AndNotAgainForAWhile()
    {
        const int Unknown = 77;
        await using var test = new CheckedWorld(2);

        await test.RunAsync(async () =>
        {
            var (world, node) = (test.World, test.World.Nodes[0]);
            var answer = new TaskCompletionSource<PeerLookup>();
            node.Discovery.Answer = _ => answer.Task;
            await world.StartAsync();

            for (var flow = 0; flow < 100; flow++)
                node.Send(Unknown, flow, 10, 100);
            await world.RestAsync();
            Assert.Equal(1, node.Discovery.Questions);

            answer.SetResult(PeerLookup.NotFound());
            await world.RestAsync();
            node.Send(Unknown, 0, 500, 100);
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(1, node.Discovery.Questions);
            Assert.Equal(1500, node.Totals.Dropped);

            await world.AdvanceAsync(TimeSpan.FromSeconds(5));
            node.Send(Unknown, 0, 500, 100);
            await world.RestAsync();
            Assert.Equal(2, node.Discovery.Questions);
            await test.CheckNothingLeftAsync();
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task LookupThatNeverAnswers_DoesNotHoldUpPeersThatAreKnown()
    {
        const int Unknown = 77;
        await using var test = new CheckedWorld(2);

        await test.RunAsync(async () =>
        {
            var (world, from, to) = (test.World, test.World.Nodes[0], test.World.Nodes[1]);
            from.Discovery.Answer = static _ => new TaskCompletionSource<PeerLookup>().Task;
            await world.StartAsync();
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));

            for (var round = 0; round < 30; round++)
            {
                from.Send(Unknown + round, 0, 50, 100);
                from.Send(1, 0, 10, 100);
                await world.AdvanceAsync(TimeSpan.FromMilliseconds(10));
            }

            Assert.Equal(300, to.Log.Delivered);
            await test.SettleAsync();
            await test.CheckNothingLeftAsync();
        });
    }
}
