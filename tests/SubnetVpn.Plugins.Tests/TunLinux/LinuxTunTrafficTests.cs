using System.Net;
using System.Net.Sockets;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>Two kernels speak over two devices; the test only carries packets from one to the other.</summary>
[Collection(AloneCollection.Name)]
public sealed class LinuxTunTrafficTests
{
    private const int Mtu = 1400;
    private const int Megabyte = 1 << 20;

    // linux/udp.h
    private const int SOL_UDP = 17;
    private const int UDP_SEGMENT = 103;

    private static readonly IPAddress s_right = IPAddress.Parse("10.78.0.2");

    public LinuxTunTrafficTests() => RootRequired.Check();

    [Theory]
    [InlineData("10.78.0.2", GsoType.TcpV4)]
    [InlineData("fd78::2", GsoType.TcpV6)]
    public async Task Tcp_WithOffload_TravelsInSuperPacketsAndArrivesEqual(string target, GsoType type)
    {
        await using var bridge = new TunBridge(Mtu);

        var isEqual = TunTraffic.TransferTcp(bridge.Left, bridge.Right, IPAddress.Parse(target), 64 * Megabyte);

        Assert.True(isEqual);
        Assert.True(bridge.ToRight.Of(type) > 100, $"{bridge.ToRight.Of(type)} super-packets");
        Assert.InRange(bridge.ToRight.LongestPacket, 20_000, PacketBuffer.MaxPacketLength);
        Assert.Equal(0, bridge.ToRight.Refused + bridge.ToLeft.Refused);
    }

    [Theory]
    [InlineData("10.78.0.2")]
    [InlineData("fd78::2")]
    public async Task Tcp_WithoutOffload_TravelsInPacketsUpToTheMtu(string target)
    {
        await using var bridge = new TunBridge(Mtu, new LinuxTunOptions { Offload = false });

        var isEqual = TunTraffic.TransferTcp(bridge.Left, bridge.Right, IPAddress.Parse(target), 8 * Megabyte);

        Assert.True(isEqual);
        Assert.Equal(TunCapabilities.None, bridge.LeftDevice.Capabilities);
        Assert.Equal(Mtu, bridge.ToRight.LongestPacket);
        Assert.Equal(0, bridge.ToRight.UnfinishedChecksums);
    }

    [Theory]
    [InlineData("10.78.0.1", "10.78.0.2")]
    [InlineData("fd78::1", "fd78::2")]
    public async Task Udp_WithOffload_LeavesTheChecksumToTheOtherSide(string left, string right)
    {
        await using var bridge = new TunBridge(Mtu);
        using var receiver = TunTraffic.BindUdp(bridge.Right, IPAddress.Parse(right));
        using var sender = TunTraffic.BindUdp(bridge.Left, IPAddress.Parse(left));
        var buffer = new byte[2048];

        sender.SendTo("hello"u8, receiver.LocalEndPoint!);

        Assert.Equal("hello"u8.ToArray(), buffer[..receiver.Receive(buffer)]);
        Assert.True(bridge.ToRight.UnfinishedChecksums > 0);
    }

    [Theory]
    [InlineData("10.78.0.1", "10.78.0.2")]
    [InlineData("fd78::1", "fd78::2")]
    public async Task Udp_Segmented_TravelsInOneSuperPacketAndArrivesInPieces(string left, string right)
    {
        const int Segment = 1000;
        const int Segments = 40;
        await using var bridge = new TunBridge(Mtu);
        Assert.SkipUnless(
            bridge.LeftDevice.Capabilities.HasFlag(TunCapabilities.UdpSegmentation), "This kernel has no UDP segmentation for TUN devices.");
        using var receiver = TunTraffic.BindUdp(bridge.Right, IPAddress.Parse(right));
        using var sender = TunTraffic.BindUdp(bridge.Left, IPAddress.Parse(left));
        sender.SetRawSocketOption(SOL_UDP, UDP_SEGMENT, BitConverter.GetBytes(Segment));
        var sent = new byte[(Segment * Segments) - 1];
        Random.Shared.NextBytes(sent);
        var received = new List<byte>();
        var buffer = new byte[2048];

        sender.SendTo(sent, receiver.LocalEndPoint!);
        for (var i = 0; i < Segments; i++)
            received.AddRange(buffer.AsSpan(0, receiver.Receive(buffer)));

        Assert.Equal(sent, received);
        Assert.Equal(1, bridge.ToRight.Of(GsoType.Udp));
        Assert.True(bridge.ToRight.LongestPacket > sent.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ping_EverySize_IsAnsweredByTheKernel(bool offload)
    {
        const int IcmpHeader = 8;
        await using var bridge = new TunBridge(Mtu, new LinuxTunOptions { Offload = offload });
        // ping_group_range is closed in a new namespace, so a raw socket; replies come with their IP header.
        using var socket = bridge.Left.NewSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        socket.ReceiveTimeout = 30_000;
        var buffer = new byte[4096];

        // 20 bytes of IPv4 header and 8 of ICMP; beyond the MTU the kernel makes fragments.
        foreach (var size in Enumerable.Range(0, Mtu - 28 + 1).Where(n => n < 70 || n % 97 == 0 || n > Mtu - 40).Append(3000))
        {
            var request = IcmpEcho.Request((ushort)size, size);
            socket.SendTo(request, new IPEndPoint(s_right, 0));

            int count;
            do
                count = socket.Receive(buffer);
            while (!IcmpEcho.IsReplyTo((ushort)size, buffer.AsSpan(20, count - 20)));
            Assert.Equal(request[IcmpHeader..], buffer[(20 + IcmpHeader)..count]);
        }
    }

    [Fact]
    public async Task Device_HasTheAddressesMtuAndQueueThatWereAsked()
    {
        await using var bridge = new TunBridge(1380, new LinuxTunOptions { QueueLength = 777 });

        var text = bridge.Left.Run(() => File.ReadAllText("/proc/thread-self/net/if_inet6"));
        var (mtu, queue) = bridge.Left.Run(() => (LinkRequest.GetMtu("left0"), LinkRequest.GetQueueLength("left0")));

        Assert.Contains("fd780000000000000000000000000001", text, StringComparison.Ordinal);
        Assert.DoesNotContain("fe80", text, StringComparison.Ordinal);
        // Global scope; permanent and never tentative (IFA_F_PERMANENT | IFA_F_NODAD): usable at once.
        Assert.Contains(" 40 00 82 ", text, StringComparison.Ordinal);
        Assert.Equal(1380, mtu);
        Assert.Equal(777, queue);
    }
}
