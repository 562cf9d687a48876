using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>After a failed attempt nothing is dialled for a second.</summary>
public sealed class PauseTests
{
    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Packet_HeldDuringThePause_GetsAStreamWithoutAnotherPacket()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: static settings => settings with { WarmInterval = TimeSpan.FromHours(1) });
        // It does not know a, so that it never dials by itself.
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        _network.Cut(a.Peer, b.Peer);
        await b.StartAsync();
        await a.StartAsync(b);
        b.Discovery.Tell(a.Mapping with { Addresses = [] });
        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers.Count == 1);
        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, 1));
        await Eventually.TrueAsync(() => a.Service.GetMetrics().OutboundDrops.GetValueOrDefault(PacketDropReason.PeerUnreachable) == 1);

        _network.Restore(a.Peer, b.Peer);
        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, 2));

        Assert.Equal(2, UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet));
    }
}
