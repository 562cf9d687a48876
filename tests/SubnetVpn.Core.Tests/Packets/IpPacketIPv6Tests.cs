using System.Buffers.Binary;
using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class IpPacketIPv6Tests
{
    private static readonly VirtualIp Source = VirtualIp.Parse(TestPackets.V6A);
    private static readonly VirtualIp Destination = VirtualIp.Parse(TestPackets.V6B);

    [Fact]
    public void TryParse_Tcp_ReadsKeyAndPorts()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv6(6, TestPackets.Tcp(1234, 443, new byte[10])), out var info));

        Assert.Equal(new ConnectionKey(Source, Destination, 6, 1234, 443), info.Key);
        Assert.Equal(40, info.TransportOffset);
        Assert.Equal(20, info.TransportHeaderLength);
        Assert.True(info.HasPorts);
    }

    [Fact]
    public void TryParse_EveryExtensionHeader_IsWalked()
    {
        var packet = TestPackets.IPv6(17, TestPackets.Udp(7, 8), extensions:
        [
            ExtensionHeader.HopByHop(1), ExtensionHeader.DestinationOptions(), ExtensionHeader.Routing(),
            ExtensionHeader.Authentication(4), ExtensionHeader.DestinationOptions(2),
        ]);

        Assert.True(IpPacket.TryParse(packet, out var info));

        Assert.Equal(new ConnectionKey(Source, Destination, 17, 7, 8), info.Key);
        Assert.Equal(40 + 16 + 8 + 8 + 24 + 24, info.TransportOffset);
        Assert.Equal(8, info.TransportHeaderLength);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(58)]
    [InlineData(59)]
    [InlineData(135)]
    public void TryParse_OtherNextHeaders_EndTheWalk(byte protocol)
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv6(protocol, new byte[16], extensions: ExtensionHeader.DestinationOptions()), out var info));

        Assert.Equal(new ConnectionKey(Source, Destination, protocol), info.Key);
        Assert.Equal(48, info.TransportOffset);
        Assert.False(info.HasPorts);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void TryParse_ManyExtensionHeaders_AreBounded(int count, bool expected)
    {
        var extensions = Enumerable.Repeat(ExtensionHeader.DestinationOptions(), count).ToArray();

        Assert.Equal(expected, IpPacket.TryParse(TestPackets.IPv6(17, TestPackets.Udp(7, 8), extensions: extensions), out _));
    }

    [Fact]
    public void TryParse_ExtensionHeaderPastTheEnd_IsMalformed()
    {
        foreach (byte type in new byte[] { 0, 43, 51, 60 })
        {
            Assert.False(IpPacket.TryParse(TestPackets.IPv6(type, []), out _));
            Assert.False(IpPacket.TryParse(TestPackets.IPv6(type, new byte[7]), out _));
            Assert.False(IpPacket.TryParse(TestPackets.IPv6(type, [17, 255, 0, 0, 0, 0, 0, 0]), out _));
        }
    }

    [Fact]
    public void TryParse_HopByHopNotFirst_IsMalformed()
    {
        var packet = TestPackets.IPv6(17, TestPackets.Udp(7, 8), extensions: [ExtensionHeader.DestinationOptions(), ExtensionHeader.HopByHop()]);

        Assert.False(IpPacket.TryParse(packet, out _));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void TryParse_RoutingHeader_MustHaveNoSegmentsLeft(byte segmentsLeft, bool expected)
    {
        var packet = TestPackets.IPv6(17, TestPackets.Udp(7, 8), extensions: ExtensionHeader.Routing(segmentsLeft));

        Assert.Equal(expected, IpPacket.TryParse(packet, out _));
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", TestPackets.V6B)]
    [InlineData(TestPackets.V6A, "::ffff:10.0.0.2")]
    public void TryParse_MappedAddress_IsMalformed(string source, string destination)
    {
        Assert.False(IpPacket.TryParse(TestPackets.IPv6(17, TestPackets.Udp(7, 8), source, destination), out _));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void TryParse_PayloadLengthNotThatOfPacket_IsMalformed(int difference)
    {
        var packet = TestPackets.IPv6(17, TestPackets.Udp(7, 8));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - 40 + difference));

        Assert.False(IpPacket.TryParse(packet, out _));
    }

    [Fact]
    public void TryParse_Jumbogram_IsMalformed()
    {
        var packet = TestPackets.IPv6(17, TestPackets.Udp(7, 8), extensions: ExtensionHeader.HopByHop());
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), 0);

        Assert.False(IpPacket.TryParse(packet, out _));
    }

    [Fact]
    public void TryParse_FirstFragment_HasReadablePortsAndFragmentKey()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv6(17, TestPackets.Udp(7, 8, new byte[8]), extensions: ExtensionHeader.Fragment(0, more: true)), out var info));

        Assert.Equal(new ConnectionKey(Source, Destination, 17, isFragment: true), info.Key);
        Assert.True(info.IsFirstFragment);
        Assert.False(info.FragmentsExtensionHeader);
        Assert.Equal((7, 8), (info.SourcePort, info.DestinationPort));
        Assert.Equal(48, info.TransportOffset);
    }

    [Fact]
    public void TryParse_LaterFragment_IsNotReadAsTransport()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv6(17, TestPackets.Udp(7, 8), extensions: ExtensionHeader.Fragment(16, more: true)), out var info));

        Assert.Equal(new ConnectionKey(Source, Destination, 17, isFragment: true), info.Key);
        Assert.False(info.IsFirstFragment);
        Assert.Equal(16, info.FragmentOffset);
        Assert.False(info.HasPorts);
    }

    [Fact]
    public void TryParse_FragmentsOfDatagramWithExtensionHeader_ShareOneKey()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv6(17, TestPackets.Udp(7, 8), extensions: [ExtensionHeader.Fragment(0, more: true), ExtensionHeader.DestinationOptions()]), out var first));
        // Its content looks like an extension header that goes on for ever; it must not be walked.
        Assert.True(IpPacket.TryParse(TestPackets.IPv6(60, [60, 255, 0, 0, 0, 0, 0, 0], extensions: ExtensionHeader.Fragment(16, more: false)), out var later));

        Assert.Equal(first.Key, later.Key);
        Assert.Equal(60, first.Key.Protocol);
        Assert.Equal(17, first.Protocol);
        Assert.Equal((7, 8), (first.SourcePort, first.DestinationPort));
        Assert.True(first.FragmentsExtensionHeader);
        Assert.True(later.FragmentsExtensionHeader);
    }

    [Fact]
    public void TryParse_AtomicFragment_IsFragment()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv6(6, TestPackets.Tcp(7, 8), extensions: ExtensionHeader.Fragment(0, more: false)), out var info));

        Assert.True(info.IsFirstFragment);
        Assert.True(info.HasPorts);
        Assert.Equal(0, info.TransportHeaderLength);
    }

    [Fact]
    public void TryParse_TwoFragmentHeaders_AreMalformed()
    {
        var packet = TestPackets.IPv6(17, TestPackets.Udp(7, 8), extensions: [ExtensionHeader.Fragment(0, more: true), ExtensionHeader.Fragment(0, more: true)]);

        Assert.False(IpPacket.TryParse(packet, out _));
    }

    [Theory]
    [InlineData(65_528, 7, true)]
    [InlineData(65_528, 8, false)]
    public void TryParse_FragmentPastLargestDatagram_IsMalformed(int offset, int length, bool expected)
    {
        Assert.Equal(expected, IpPacket.TryParse(TestPackets.IPv6(17, new byte[length], extensions: ExtensionHeader.Fragment(offset, more: false)), out _));
    }

    [Fact]
    public void TryParse_LargestSuperPacket_IsRead()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv6(6, TestPackets.Tcp(1, 2, new byte[65_535 - 60])), out _));
    }
}
