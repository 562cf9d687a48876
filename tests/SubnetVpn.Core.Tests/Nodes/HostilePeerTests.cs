using System.Buffers.Binary;
using SubnetVpn.Core.Tests.Packets;
using SubnetVpn.Discovery;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>What a peer that is let in can do wrong: each is counted with a reason, and the node goes on.</summary>
public sealed class HostilePeerTests
{
    private const string Current = "/vpn/2.0.0";
    private const string Legacy = "/vpn/1.0.0";

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Theory]
    [InlineData("00000000", "invalid_length")]
    [InlineData("FFFFFFFF01", "invalid_length")]
    [InlineData("0000057A01", "invalid_length")] // 1401 bytes of packet, one over the MTU
    [InlineData("00010100" + "02", "invalid_length")]
    [InlineData("0000000803" + "00000000000000", "invalid_length")] // a ping of 7 bytes
    [InlineData("0000000300" + "FFFF", "malformed_hello")]
    public async Task Frame_ThatIsInvalid_ResetsTheStreamAndIsCounted(string hex, string name)
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1");
        await using var peer = new RawPeer(_network, "peer");
        await StartAsync(node, peer);
        var stream = await peer.OpenAsync(node, Current);

        await RawPeer.WriteAsync(stream, [.. Convert.FromHexString(hex), 0, 0, 0, 0, 0]);

        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(stream));
        await Eventually.TrueAsync(() => node.Service.GetMetrics().StreamErrors.GetValueOrDefault(name) == 1);
        await AssertStillServesAsync(node, peer);
    }

    [Fact]
    public async Task Frame_CutShort_IsCountedAsTruncated()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1");
        await using var peer = new RawPeer(_network, "peer");
        await StartAsync(node, peer);
        var stream = await peer.OpenAsync(node, Current);

        await RawPeer.WriteAsync(stream, 0, 0, 0, 100, 1, 0x45);
        await stream.CloseWriteAsync(CancellationToken.None);

        await Eventually.TrueAsync(() => node.Service.GetMetrics().StreamErrors.GetValueOrDefault("truncated") == 1);
        await AssertStillServesAsync(node, peer);
    }

    [Theory]
    [InlineData("01FF000000000000" + "0000")] // a GSO type that nobody knows
    [InlineData("0101000000000000" + "1000")] // segments of 0 bytes
    [InlineData("0001000064000000" + "0000")] // segments without a checksum to fill in
    [InlineData("0100000000000000" + "1000")] // a checksum in the IP header
    [InlineData("010000000000FF00" + "1000")] // a checksum behind the packet
    [InlineData("FC00000000000000" + "0000")] // flags that nobody knows
    public async Task OffloadHeader_ThatDoesNotFit_ResetsTheStream(string header)
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1");
        await using var peer = new RawPeer(_network, "peer");
        await StartAsync(node, peer);
        var stream = await peer.OpenAsync(node, Current);
        var packet = TestPackets.IPv4(6, TestPackets.Tcp(1, 2, new byte[100]), source: "10.0.0.2", destination: "10.0.0.1");

        await RawPeer.WriteAsync(stream, Frame(2, [.. Convert.FromHexString(header), .. packet]));

        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(stream));
        await Eventually.TrueAsync(() => node.Service.GetMetrics().StreamErrors.GetValueOrDefault("invalid_offload") == 1);
        Assert.Equal(1, node.Service.GetMetrics().InboundDrops[PacketDropReason.InvalidOffload]);
        await AssertStillServesAsync(node, peer);
    }

    [Fact]
    public async Task Packets_ThatMayNotEnter_AreDroppedByTheirReasonAndTheStreamGoesOn()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1", change: settings => settings with { UnallowedPorts = new HashSet<ushort> { 22 } });
        await using var peer = new RawPeer(_network, "peer");
        await StartAsync(node, peer);
        var stream = await peer.OpenAsync(node, Current);
        var (ours, theirs) = ("10.0.0.1", "10.0.0.2");

        await RawPeer.WriteAsync(stream, [
            .. Frame(1, [0x45, 0, 0]),
            .. Frame(1, TestPackets.IPv4(17, TestPackets.Udp(1, 2), source: "10.0.0.3", destination: ours)),
            .. Frame(1, TestPackets.IPv4(17, TestPackets.Udp(1, 2), source: theirs, destination: "10.0.0.9")),
            .. Frame(1, TestPackets.IPv4(6, TestPackets.Tcp(1, 22), source: theirs, destination: ours)),
            .. Frame(77, [1, 2, 3]),
            .. Frame(1, UdpPacket.Make(VirtualIp.Parse(theirs), VirtualIp.Parse(ours), 1, 2, 5))]);

        Assert.Equal(5, UdpPacket.NumberOf((await node.Tun.ReceiveAsync()).Packet));
        var drops = node.Service.GetMetrics().InboundDrops;
        Assert.Equal(1, drops[PacketDropReason.Malformed]);
        Assert.Equal(1, drops[PacketDropReason.SpoofedSource]);
        Assert.Equal(1, drops[PacketDropReason.DestinationNotOurs]);
        Assert.Equal(1, drops[PacketDropReason.PortNotAllowed]);
        Assert.Equal(0, node.Tun.Waiting);
    }

    [Fact]
    public async Task Ping_IsAnsweredWithItsBytes()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1");
        await using var peer = new RawPeer(_network, "peer");
        await StartAsync(node, peer);
        var stream = await peer.OpenAsync(node, Current);

        await RawPeer.WriteAsync(stream, Frame(3, [1, 2, 3, 4, 5, 6, 7, 8]));

        var hello = await RawPeer.ReadAsync(stream, 5);
        await RawPeer.ReadAsync(stream, BinaryPrimitives.ReadInt32BigEndian(hello) - 1);
        Assert.Equal(Frame(4, [1, 2, 3, 4, 5, 6, 7, 8]), await RawPeer.ReadAsync(stream, 13));
    }

    [Fact]
    public async Task LegacyPeer_ExchangesLengthPrefixedPacketsAndSeesNothingElse()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1");
        await using var peer = new RawPeer(_network, "peer", Legacy);
        await StartAsync(node, peer);
        var toNode = await peer.OpenAsync(node, Legacy);
        var inbound = UdpPacket.Make(VirtualIp.Parse("10.0.0.2"), node.Address, 1, 2, 6);
        var outbound = UdpPacket.Make(node.Address, VirtualIp.Parse("10.0.0.2"), 2, 1, 7);

        await RawPeer.WriteAsync(toNode, [0, 0, 0, (byte)inbound.Length, .. inbound]);
        node.Tun.Send(outbound);

        Assert.Equal(inbound, (await node.Tun.ReceiveAsync()).Packet);
        var fromNode = await peer.AcceptAsync();
        Assert.Equal([0, 0, 0, (byte)outbound.Length, .. outbound], await RawPeer.ReadAsync(fromNode, 4 + outbound.Length));
    }

    [Fact]
    public async Task LegacyFrame_OverTheMtu_ResetsTheStream()
    {
        await using var node = new TestNode(_network, "node", "10.0.0.1");
        await using var peer = new RawPeer(_network, "peer", Legacy);
        await StartAsync(node, peer);
        var stream = await peer.OpenAsync(node, Legacy);

        await RawPeer.WriteAsync(stream, 0, 0, 0x05, 0x79);

        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(stream));
        await Eventually.TrueAsync(() => node.Service.GetMetrics().StreamErrors.GetValueOrDefault("invalid_length") == 1);
    }

    private static byte[] Frame(byte type, byte[] body)
    {
        var frame = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, 1 + body.Length);
        frame[4] = type;
        body.CopyTo(frame, 5);
        return frame;
    }

    private static async Task StartAsync(TestNode node, RawPeer peer)
    {
        await peer.ListenAsync();
        await node.StartAsync();
        node.Discovery.Tell(new PeerMapping
        {
            Peer = peer.Peer,
            Prefixes = [IpPrefix.Parse("10.0.0.2")],
            Addresses = [$"/memory/{peer.Name}"],
            Source = "test",
            Trust = MappingTrust.Authoritative,
        });
        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Count == 1);
    }

    private static async Task AssertStillServesAsync(TestNode node, RawPeer peer)
    {
        var stream = await peer.OpenAsync(node, Current);
        await RawPeer.WriteAsync(stream, Frame(1, UdpPacket.Make(VirtualIp.Parse("10.0.0.2"), node.Address, 1, 2, 99)));
        Assert.Equal(99, UdpPacket.NumberOf((await node.Tun.ReceiveAsync()).Packet));
    }
}
