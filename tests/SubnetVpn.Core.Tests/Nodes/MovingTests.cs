using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Flows that move from one living stream to another: none loses a packet, or its order.</summary>
public sealed class MovingTests
{
    private const int Flows = 12;

    private readonly MemoryNetwork _network = new(TimeProvider.System, new MemoryLinkSettings { Delay = TimeSpan.FromMilliseconds(2) });
    private readonly ScriptedScheduler _scheduler = new();

    [Fact]
    public async Task Pool_GrowsAndShrinksUnderTraffic_EveryPacketArrivesInOrder()
    {
        await using var a = new TestNode(
            _network, "a", "10.0.0.1", scheduler: _scheduler,
            change: static settings => settings with
            {
                MaxStreamsPerPeer = 4,
                CleanupInterval = TimeSpan.FromMilliseconds(20),
                Scheduling = settings.Scheduling with { AutoScalingInterval = TimeSpan.FromMilliseconds(20) },
            });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);

        var next = new int[Flows];
        var sent = 0;
        foreach (var streams in new[] { 4, 1, 3, 2, 4, 1 })
        {
            _scheduler.Streams = streams;
            do
            {
                for (var flow = 0; flow < Flows; flow++)
                    a.Tun.Send(UdpPacket.Make(a.Address, b.Address, (ushort)(flow + 1), 2000, sent));
                sent++;
                for (var i = 0; i < Flows; i++)
                {
                    var packet = (await b.Tun.ReceiveAsync()).Packet;
                    Assert.Equal(next[UdpPacket.SourcePortOf(packet) - 1]++, UdpPacket.NumberOf(packet));
                }
            }
            while (a.Service.GetSnapshot().Peers[0].Streams.Count != streams && sent < 10_000);
            Assert.Equal(streams, a.Service.GetSnapshot().Peers[0].Streams.Count);
        }

        Assert.Empty(a.Service.GetMetrics().OutboundDrops);
        Assert.Equal(sent * Flows, b.Service.GetMetrics().PacketsReceived);
    }

    [Fact]
    public async Task Pool_Grows_FlowsAreSpreadEvenly()
    {
        await using var a = new TestNode(
            _network, "a", "10.0.0.1", scheduler: _scheduler,
            change: static settings => settings with { Scheduling = settings.Scheduling with { AutoScalingInterval = TimeSpan.FromMilliseconds(20) } });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);
        for (var flow = 0; flow < Flows; flow++)
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, (ushort)(flow + 1), 2000, 0));
        await Eventually.TrueAsync(() => b.Service.GetMetrics().PacketsReceived == Flows);

        _scheduler.Streams = 3;

        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers[0].Streams.Count == 3);
        // A flow that was moved takes its new stream with its next packet.
        await Eventually.TrueAsync(() =>
        {
            for (var flow = 0; flow < Flows; flow++)
                a.Tun.Send(UdpPacket.Make(a.Address, b.Address, (ushort)(flow + 1), 2000, 1));
            return a.Service.GetSnapshot().Peers[0].Streams.All(static stream => stream.Flows == Flows / 3);
        });
    }
}
