using SubnetVpn.Simulation.Tests.World;

namespace SubnetVpn.Simulation.Tests.Origin;

/// <summary>The original's callback closed its channel twice, and on some ways not at all.</summary>
public sealed class CompletionTests
{
    private const int Flows = 20;

    [Fact(Timeout = 120_000)]
    public async Task DispatchAsync_WhateverHappens_CompletesOnceWithTheReasonThatIsCounted()
    {
        await using var test = new CheckedWorld(3, static settings => settings with { WorkerBufferSize = 10 }, isSilent: static peer => peer == TestKit.Transports.TestPeers.Create(2));

        await test.RunAsync(async () =>
        {
            var (world, node) = (test.World, test.World.Nodes[0]);
            var results = new List<Task<PacketDropReason>>();
            await world.StartAsync();
            for (var round = 0; round < 40; round++)
            {
                for (var flow = 0; flow < Flows; flow++)
                {
                    results.Add(Dispatch(to: 1, flow, round));
                    results.Add(Dispatch(to: 2, flow, round));
                    results.Add(Dispatch(to: 77, flow, round));
                }
                results.Add(node.Service.DispatchAsync(MakeRubbish(), CancellationToken.None).AsTask());
                if (round % 5 == 1)
                    world.Network.ResetStreams(node.Peer, world.Nodes[1].Peer);
                if (round % 10 == 3)
                    world.Network.Cut(node.Peer, world.Nodes[1].Peer);
                if (round % 10 == 6)
                    world.Network.Restore(node.Peer, world.Nodes[1].Peer);
                await world.AdvanceAsync(TimeSpan.FromMilliseconds(300));
            }
            // In the middle of it.
            for (var flow = 0; flow < Flows; flow++)
                results.Add(Dispatch(to: 2, flow, 40));
            var service = node.Service;
            await world.StopAsync();
            await world.RestAsync();

            Assert.All(results, static result => Assert.True(result.IsCompletedSuccessfully));
            var byReason = results.GroupBy(static result => result.Result).ToDictionary(static group => group.Key, static group => (long)group.Count());
            var metrics = service.GetMetrics();
            Assert.Equal(metrics.PacketsSent, byReason[PacketDropReason.None]);
            // Of what was being written when a stream failed the peer says later what it got; the rest is counted as lost in flight.
            foreach (var (reason, count) in byReason.Where(static result => result.Key is not (PacketDropReason.None or PacketDropReason.StreamFailed)))
                Assert.Equal((reason, metrics.OutboundDrops.GetValueOrDefault(reason)), (reason, count));
            Assert.Superset(
                new HashSet<PacketDropReason> { PacketDropReason.None, PacketDropReason.NoRoute, PacketDropReason.Malformed, PacketDropReason.WorkerBufferFull, PacketDropReason.Stopping },
                byReason.Keys.ToHashSet());

            Task<PacketDropReason> Dispatch(int to, int flow, int number) =>
                node.Service.DispatchAsync(MakePacket(new FlowPacket(node.Flow(to, flow), number, 200)), CancellationToken.None).AsTask();

            PacketBuffer MakePacket(FlowPacket packet)
            {
                var buffer = test.Pool.Rent(packet.Length);
                buffer.SetLength(packet.Length);
                packet.WriteTo(buffer.Span);
                return buffer;
            }

            PacketBuffer MakeRubbish()
            {
                var buffer = test.Pool.Rent(40);
                buffer.SetLength(40);
                buffer.Span.Clear();
                return buffer;
            }
        });
    }
}
