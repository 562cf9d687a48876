using SubnetVpn.Scheduling.Multiplex;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

// The original's multiplexer chose a stream for each packet, so that the packets of one flow overtook one another.
public sealed class MultiplexTests
{
    private const int Streams = 3;
    private const int Flows = 30;
    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Multiplex_ManyFlowsOverSeveralStreams_EachKeepsItsStreamAndItsOrder()
    {
        var scheduler = new RecordingScheduler(new MultiplexScheduler(new SchedulerSettings { MinStreamsPerMultiplexer = Streams, MaxStreamsPerMultiplexer = Streams }));
        await using var a = new TestNode(
            _network, "a", "10.0.0.1", change: static settings => settings with { MinStreamsPerPeer = Streams, MaxStreamsPerPeer = Streams }, scheduler: scheduler);
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);
        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers is [{ Streams.Count: Streams }]);

        // As many at a time as the queues hold.
        var next = new int[Flows];
        for (var round = 0; round < 100; round++)
        {
            for (var flow = 0; flow < Flows; flow++)
                a.Tun.Send(UdpPacket.Make(a.Address, b.Address, (ushort)(flow + 1), 2000, round));
            for (var i = 0; i < Flows; i++)
            {
                var packet = (await b.Tun.ReceiveAsync()).Packet;
                Assert.Equal(next[UdpPacket.SourcePortOf(packet) - 1]++, UdpPacket.NumberOf(packet));
            }
        }

        Assert.Equal(Flows, scheduler.Picks.Count);
        Assert.All(scheduler.Picks, static flow => Assert.Equal(1, flow.Value));
        Assert.All(a.Service.GetSnapshot().Peers[0].Streams, static stream => Assert.Equal(Flows / Streams, stream.Flows));
    }
}
