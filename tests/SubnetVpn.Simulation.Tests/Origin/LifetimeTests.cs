using SubnetVpn.Simulation.Tests.World;

namespace SubnetVpn.Simulation.Tests.Origin;

/// <summary>Faults of the original's lifetimes: a map of connections never pruned, workers that never scaled, streams that nobody closed.</summary>
public sealed class LifetimeTests
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    [Fact(Timeout = 120_000)]
    public async Task ConnectionKeys_EachHaveAWorker_AndAreForgottenWhenIdle()
    {
        const int Keys = 10_000;
        await using var test = NewWorld();

        await test.RunAsync(async () =>
        {
            var (world, node) = (test.World, test.World.Nodes[0]);
            await world.StartAsync();
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));

            for (var key = 0; key < Keys; key++)
                node.Send(1, key, 1, 100);
            await world.RestAsync();
            Assert.Equal(Keys, node.Totals.Workers);
            Assert.Equal(Keys, node.Service.GetSnapshot().Peers[0].Flows);

            // One flow goes on.
            for (var second = 0; second < 30; second++)
            {
                node.Send(1, 0, 1, 100);
                await world.AdvanceAsync(TimeSpan.FromSeconds(1));
            }
            Assert.Equal(1, node.Totals.Workers);
            Assert.Equal(1, node.Service.GetSnapshot().Peers[0].Flows);
            Assert.Equal(1, node.Service.GetSnapshot().Peers[0].Streams.Sum(static stream => stream.Flows));
            await test.SettleAsync();
            await test.CheckNothingLeftAsync();
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task Streams_GrowWithFlows_AndFallBackWhenIdle()
    {
        await using var test = NewWorld();

        await test.RunAsync(async () =>
        {
            var (world, from, to) = (test.World, test.World.Nodes[0], test.World.Nodes[1]);
            await world.StartAsync();
            await world.AdvanceAsync(TimeSpan.FromSeconds(2));
            Assert.Equal(2, from.Service.GetSnapshot().Peers[0].Streams.Count);

            for (var second = 0; second < 20; second++)
            {
                for (var flow = 0; flow < 400; flow++)
                    from.Send(1, flow, 1, 100);
                await world.AdvanceAsync(TimeSpan.FromSeconds(1));
            }
            var grown = from.Service.GetSnapshot().Peers[0].Streams;
            Assert.Equal(5, grown.Count);
            Assert.All(grown, static stream => Assert.InRange(stream.Flows, 40, 160));

            await world.AdvanceAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(2, from.Service.GetSnapshot().Peers[0].Streams.Count);
            Assert.Equal(2, to.Service.GetSnapshot().Peers[0].InboundStreams);
            Assert.Equal(20 * 400, to.Log.Delivered);
            await test.SettleAsync();
            await test.CheckNothingLeftAsync();
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task Stop_ClosesEveryStreamAtBothEnds()
    {
        await using var test = NewWorld();

        await test.RunAsync(async () =>
        {
            var (world, from, to) = (test.World, test.World.Nodes[0], test.World.Nodes[1]);
            await world.StartAsync();
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));
            for (var flow = 0; flow < 200; flow++)
                from.Send(1, flow, 1, 100);
            await world.AdvanceAsync(TimeSpan.FromSeconds(2));
            Assert.True(to.Service.GetSnapshot().Peers[0].InboundStreams >= 2);

            await world.RunAsync(from.StopAsync());
            await world.AdvanceAsync(TimeSpan.FromMilliseconds(100));

            Assert.Equal(0, to.Service.GetSnapshot().Peers[0].InboundStreams);
            Assert.Equal(from.Totals.StreamsCreated, from.Totals.StreamsClosed);
            Assert.Equal(0, world.Ledger.Live);
            Assert.Equal(200, to.Log.Delivered);
            await test.CheckNothingLeftAsync();
        });
    }

    private static CheckedWorld NewWorld() => new(2, static settings => settings with
    {
        MinStreamsPerPeer = 2,
        MaxStreamsPerPeer = 5,
        WorkerIdleTimeout = s_idle,
        WorkerCleanupInterval = s_idle / 2,
        StreamIdleTimeout = s_idle,
        CleanupInterval = s_idle / 2,
    });
}
