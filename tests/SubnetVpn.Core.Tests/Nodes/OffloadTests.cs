using SubnetVpn.Core.Tests.Packets;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Tests.Nodes;

public sealed class OffloadTests
{
    private const TunCapabilities All = TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation | TunCapabilities.TcpV6Segmentation | TunCapabilities.UdpSegmentation;

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task SuperPacket_BetweenDevicesWithOffload_TravelsWhole()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", All);
        await using var b = new TestNode(_network, "b", "10.0.0.2", All);
        await ConnectAsync(a, b);
        var (packet, offload) = SuperPacket();

        a.Tun.Send(packet, offload);

        var received = await b.Tun.ReceiveAsync();
        Assert.Equal(packet, received.Packet);
        Assert.Equal(offload, received.Offload);
    }

    [Fact]
    public async Task SuperPacket_ToADeviceWithoutOffload_ArrivesInWholeSegments()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1", All);
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await ConnectAsync(a, b);
        var (packet, offload) = SuperPacket();

        a.Tun.Send(packet, offload);

        var payload = new List<byte>();
        while (payload.Count < 10_000)
        {
            var (segment, rest) = await b.Tun.ReceiveAsync();
            Assert.True(rest.IsNone);
            Assert.InRange(segment.Length, 41, 1400);
            ReferenceChecksum.AssertComplete(segment, 6, 20);
            payload.AddRange(segment.AsSpan(40).ToArray());
        }
        Assert.Equal(packet.AsSpan(40).ToArray(), payload);
        Assert.Empty(b.Service.GetMetrics().InboundDrops);
    }

    [Fact]
    public async Task DispatchAsync_OfAPacketThatIsSent_ReturnsNone_ElseTheReason()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await ConnectAsync(a, b);

        var sent = await DispatchAsync(a, UdpPacket.Make(a.Address, b.Address, 1, 2, 3));
        var unknown = await DispatchAsync(a, UdpPacket.Make(a.Address, VirtualIp.Parse("10.0.0.9"), 1, 2, 3));
        var foreign = await DispatchAsync(a, UdpPacket.Make(b.Address, a.Address, 1, 2, 3));

        Assert.Equal(PacketDropReason.None, sent);
        Assert.Equal(PacketDropReason.NoRoute, unknown);
        Assert.Equal(PacketDropReason.SourceNotOurs, foreign);
    }

    [Fact]
    public async Task TunDevice_Removed_FailsTheNetworkAndSaysSo()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await a.StartAsync();

        a.Tun.Remove();

        await Eventually.TrueAsync(() => a.Service.State == VpnServiceState.Failed);
        Assert.Contains("TUN device", a.Service.GetSnapshot().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_InSteadyState_AllocatesNothing()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await ConnectAsync(a, b);
        var packet = UdpPacket.Make(a.Address, b.Address, 1, 2, 3, length: 1000);

        Allocations.AssertNone(() =>
        {
            var buffer = a.Pool.Rent(1000);
            buffer.Set(packet);
            a.Service.Dispatch(buffer);
        });
    }

    private static async Task ConnectAsync(TestNode a, TestNode b)
    {
        await a.StartWithAsync(b);
    }

    private static async Task<PacketDropReason> DispatchAsync(TestNode node, byte[] packet)
    {
        var buffer = node.Pool.Rent(packet.Length);
        buffer.Set(packet);
        return await node.Service.DispatchAsync(buffer, CancellationToken.None);
    }

    private static (byte[] Packet, PacketOffload Offload) SuperPacket()
    {
        var packet = TestPackets.IPv4(6, TestPackets.Tcp(1000, 2000, TestPackets.RandomBytes(10_000, 1)));
        // The kernel leaves the sum of the pseudo header in the checksum field.
        var sum = ReferenceChecksum.PseudoHeader(packet, 6, packet.Length - 20);
        packet[36] = (byte)(sum >> 8);
        packet[37] = (byte)sum;
        return (packet, new PacketOffload(PacketOffload.NeedsChecksumFlag, GsoType.TcpV4, 40, 1360, 20, 16));
    }
}
