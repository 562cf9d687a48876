using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>A flow of few packets leaves the stream that another one fills.</summary>
public sealed class LeavingTests
{
    private const ushort Sparse = 1;
    private const ushort Idle = 2;
    private const ushort Bulk = 3;
    private const int WantedQueueBytes = 100_000;

    private readonly MemoryNetwork _network = new(TimeProvider.System, new MemoryLinkSettings { BytesPerSecond = 4_000_000 });

    [Fact]
    public async Task Flow_WhoseStreamAnotherOneFills_GoesToTheOtherStreamInOrder()
    {
        await using var a = new TestNode(
            _network, "a", "10.0.0.1", scheduler: new ScriptedScheduler { Streams = 2 },
            change: static settings => settings with { MinStreamsPerPeer = 2, MaxStreamsPerPeer = 2 });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);
        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers is [{ Streams.Count: 2 }]);
        // The flows go to the streams in turn, so that the first and the third are together.
        foreach (var flow in new[] { Sparse, Idle, Bulk })
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, flow, 2000, 0));
        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers[0].Streams is [{ Flows: 2 }, { Flows: 1 }]);

        var number = 0;
        await Eventually.TrueAsync(() =>
        {
            number++;
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, Sparse, 2000, number));
            var streams = a.Service.GetSnapshot().Peers[0].Streams;
            for (var bytes = streams[0].QueuedBytes; bytes < WantedQueueBytes; bytes += 1200)
                a.Tun.Send(UdpPacket.Make(a.Address, b.Address, Bulk, 2000, number, length: 1200));
            return streams is [{ Flows: 1 }, { Flows: 2 }];
        });

        // What it sends last arrives last.
        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, Sparse, 2000, ++number));
        var last = -1;
        while (last < number)
        {
            var packet = (await b.Tun.ReceiveAsync()).Packet;
            if (UdpPacket.SourcePortOf(packet) != Sparse)
                continue;
            Assert.True(UdpPacket.NumberOf(packet) > last, $"{UdpPacket.NumberOf(packet)} came after {last}.");
            last = UdpPacket.NumberOf(packet);
        }
    }
}
