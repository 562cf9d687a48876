using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

public sealed class TwoNodeTests
{
    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Packets_OfOneFlow_ArriveWholeAndInOrder()
    {
        await using var pair = await TestPair.StartAsync(_network);
        var (a, b) = pair;

        // As many as a queue holds at a time, so that nothing may be dropped.
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < 50; i++)
                a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1000, 2000, (round * 50) + i));
            for (var i = 0; i < 50; i++)
                Assert.Equal((round * 50) + i, UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet));
        }

        // Counted once they are handed over.
        await Eventually.TrueAsync(() => (b.Service.GetMetrics().PacketsReceived, a.Service.GetMetrics().PacketsSent) == (2500, 2500));
    }

    [Fact]
    public async Task Packets_BothWays_Arrive()
    {
        await using var pair = await TestPair.StartAsync(_network);
        var (a, b) = pair;

        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, 7));
        b.Tun.Send(UdpPacket.Make(b.Address, a.Address, 2, 1, 8));

        Assert.Equal(7, UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet));
        Assert.Equal(8, UdpPacket.NumberOf((await a.Tun.ReceiveAsync()).Packet));
    }

    [Fact]
    public async Task Packets_WithSpoofedSource_AreDroppedAndCounted()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        // b knows that a holds .1 only; a believes that it is .9.
        await using var liar = new TestNode(_network, "liar", "10.0.0.9");
        await b.StartAsync(a);
        await liar.StartAsync(b);
        b.Discovery.Tell(liar.Mapping with { Prefixes = [IpPrefix.Parse("10.0.0.8/32")] });
        await liar.ReadyAsync(b);

        liar.Tun.Send(UdpPacket.Make(liar.Address, b.Address, 1, 2, 7));

        await Eventually.TrueAsync(() => b.Service.GetMetrics().InboundDrops.GetValueOrDefault(PacketDropReason.SpoofedSource) == 1);
        Assert.Equal(0, b.Tun.Waiting);
    }

    [Fact]
    public async Task Connection_CutAndRestored_TrafficResumesInOrder()
    {
        await using var pair = await TestPair.StartAsync(_network);
        var (a, b) = pair;
        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, 0));
        Assert.Equal(0, UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet));

        var last = 0;
        for (var cut = 0; cut < 8; cut++)
        {
            var number = last;
            _network.DropConnections(a.Peer, b.Peer);
            await Eventually.TrueAsync(() =>
            {
                a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, ++number));
                return b.Tun.Waiting > 0;
            });
            while (b.Tun.Waiting > 0)
            {
                var received = UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet);
                Assert.True(received > last, $"{received} came after {last}");
                last = received;
            }
            last = number;
            // Let what is under way arrive, so that the next round begins in order.
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, ++last));
            while (UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet) != last)
            {
            }
        }
    }

    [Fact]
    public async Task Stream_ResetAmongSeveralUnderLoad_EveryFlowGoesOn()
    {
        const int flows = 40;
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: settings => settings with { MinStreamsPerPeer = 3 });
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);
        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers is [{ Streams.Count: >= 3 }]);

        for (var round = 0; round < 10; round++)
        {
            var name = a.Service.GetSnapshot().Peers[0].Streams[0].Name;
            var resetting = Task.Run(() => _network.ResetStream(name));
            for (var i = 0; i < 2 * flows; i++)
                a.Tun.Send(UdpPacket.Make(a.Address, b.Address, (ushort)(i % flows), 2, -1));
            await resetting;

            // Each flow, whatever stream it was on, gets through again.
            var missing = Enumerable.Range(0, flows).ToHashSet();
            await Eventually.TrueAsync(() =>
            {
                while (b.Tun.TryReceive(out var packet))
                    if (UdpPacket.NumberOf(packet) == round)
                        missing.Remove(UdpPacket.SourcePortOf(packet));
                foreach (var flow in missing)
                    a.Tun.Send(UdpPacket.Make(a.Address, b.Address, (ushort)flow, 2, round));
                return missing.Count == 0;
            });
            await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers[0].Streams.Count >= 3);
        }
    }

    [Fact]
    public async Task SlowPeer_DoesNotHoldUpAnother()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var slow = new TestNode(_network, "slow", "10.0.0.2");
        await using var fast = new TestNode(_network, "fast", "10.0.0.3");
        await slow.StartAsync(a);
        await fast.StartAsync(a);
        await a.StartAsync(slow, fast);
        await a.ReadyAsync(slow, fast);
        slow.Tun.Blocked = new TaskCompletionSource();

        // Until the window and the queue of the slow peer are full and its packets are dropped.
        var number = 0;
        await Eventually.TrueAsync(() =>
        {
            for (var i = 0; i < 200; i++)
                a.Tun.Send(UdpPacket.Make(a.Address, slow.Address, 1, 2, number++, length: 1300));
            return a.Service.GetMetrics().OutboundDrops.GetValueOrDefault(PacketDropReason.StreamQueueFull) > 0;
        });
        for (var i = 0; i < 100; i++)
        {
            a.Tun.Send(UdpPacket.Make(a.Address, fast.Address, 1, 2, i));
            Assert.Equal(i, UdpPacket.NumberOf((await fast.Tun.ReceiveAsync()).Packet));
        }

        slow.Tun.Blocked.SetResult();
        slow.Tun.Blocked = null;
        Assert.Equal(0, UdpPacket.NumberOf((await slow.Tun.ReceiveAsync()).Packet));
    }

    [Fact]
    public async Task Stop_WithTraffic_ReturnsEveryBuffer()
    {
        var a = new TestNode(_network, "a", "10.0.0.1");
        var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);
        for (var i = 0; i < 500; i++)
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, (ushort)i, 2, i));
        await b.Tun.ReceiveAsync();

        await a.DisposeAsync();
        await b.DisposeAsync();

        Assert.Equal(0, a.Pool.Rented);
        Assert.Equal(0, b.Pool.Rented);
    }

    [Fact]
    public async Task UnknownDestination_IsAskedForOnce_AndDropped()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await a.StartAsync();

        for (var i = 0; i < 10; i++)
            a.Tun.Send(UdpPacket.Make(a.Address, VirtualIp.Parse("10.0.0.77"), 1, 2, i));

        await Eventually.TrueAsync(() => a.Service.GetMetrics().OutboundDrops.GetValueOrDefault(PacketDropReason.NoRoute) == 10);
        Assert.Equal(1, a.Discovery.Questions);
    }
}
