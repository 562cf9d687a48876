using System.Buffers.Binary;
using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class IpPacketIPv4Tests
{
    private static readonly VirtualIp Source = VirtualIp.Parse(TestPackets.V4A);
    private static readonly VirtualIp Destination = VirtualIp.Parse(TestPackets.V4B);

    [Theory]
    [InlineData(6)]
    [InlineData(17)]
    [InlineData(33)]
    [InlineData(132)]
    [InlineData(136)]
    public void TryParse_ProtocolWithPorts_ReadsKeyAndPorts(byte protocol)
    {
        var packet = TestPackets.IPv4(protocol, TestPackets.Tcp(1234, 443));

        Assert.True(IpPacket.TryParse(packet, out var info));

        Assert.Equal(new ConnectionKey(Source, Destination, protocol, 1234, 443), info.Key);
        Assert.Equal(Source, info.Source);
        Assert.Equal(Destination, info.Destination);
        Assert.Equal(protocol, info.Protocol);
        Assert.Equal(20, info.TransportOffset);
        Assert.True(info.HasPorts);
        Assert.Equal((1234, 443), (info.SourcePort, info.DestinationPort));
        Assert.False(info.IsFragment);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(255)]
    public void TryParse_ProtocolWithoutPorts_HasNone(byte protocol)
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv4(protocol, TestPackets.Tcp(1234, 443)), out var info));

        Assert.Equal(new ConnectionKey(Source, Destination, protocol), info.Key);
        Assert.False(info.HasPorts);
        Assert.Equal(0, info.TransportHeaderLength);
    }

    [Fact]
    public void TryParse_EveryLengthOfOptions_FindsTransport()
    {
        for (var words = 0; words <= 10; words++)
        {
            var options = Enumerable.Repeat((byte)1, words * 4).ToArray();

            Assert.True(IpPacket.TryParse(TestPackets.IPv4(17, TestPackets.Udp(7, 8), options), out var info));

            Assert.Equal(20 + options.Length, info.TransportOffset);
            Assert.Equal((7, 8), (info.SourcePort, info.DestinationPort));
        }
    }

    [Fact]
    public void TryParse_HeaderLengthUnderFive_IsMalformed()
    {
        for (var words = 0; words < 5; words++)
        {
            var packet = TestPackets.IPv4(17, TestPackets.Udp(7, 8));
            packet[0] = (byte)(0x40 | words);

            Assert.False(IpPacket.TryParse(packet, out _));
        }
    }

    [Fact]
    public void TryParse_HeaderLongerThanPacket_IsMalformed()
    {
        var packet = TestPackets.IPv4(17, [1, 2, 3]);
        packet[0] = 0x46;

        Assert.False(IpPacket.TryParse(packet, out _));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void TryParse_TotalLengthNotThatOfPacket_IsMalformed(int difference)
    {
        var packet = TestPackets.IPv4(17, TestPackets.Udp(7, 8));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(packet.Length + difference));

        Assert.False(IpPacket.TryParse(packet, out _));
    }

    [Fact]
    public void TryParse_LargestPacket_IsRead()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv4(6, TestPackets.Tcp(1, 2, new byte[65_535 - 40])), out var info));

        Assert.Equal(20, info.TransportHeaderLength);
    }

    [Theory]
    [InlineData(131)]
    [InlineData(137)]
    public void TryParse_SourceRoute_IsMalformed(byte option)
    {
        Assert.False(IpPacket.TryParse(TestPackets.IPv4(17, TestPackets.Udp(7, 8), [1, option, 7, 4, 10, 0, 0, 9]), out _));
    }

    [Theory]
    [InlineData(new byte[] { 7, 0, 0, 0 })]
    [InlineData(new byte[] { 7, 1, 0, 0 })]
    [InlineData(new byte[] { 7, 5, 0, 0 })]
    [InlineData(new byte[] { 1, 1, 1, 7 })]
    public void TryParse_OptionOfImpossibleLength_IsMalformed(byte[] options)
    {
        Assert.False(IpPacket.TryParse(TestPackets.IPv4(17, TestPackets.Udp(7, 8), options), out _));
    }

    [Fact]
    public void TryParse_RubbishBehindEndOfOptions_IsRead()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv4(17, TestPackets.Udp(7, 8), [0, 131, 0, 0]), out _));
    }

    [Fact]
    public void TryParse_FirstFragment_HasReadablePortsAndFragmentKey()
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv4(17, TestPackets.Udp(7, 8, new byte[16]), more: true), out var info));

        Assert.Equal(new ConnectionKey(Source, Destination, 17, isFragment: true), info.Key);
        Assert.True(info.IsFragment);
        Assert.True(info.IsFirstFragment);
        Assert.True(info.HasPorts);
        Assert.Equal((7, 8), (info.SourcePort, info.DestinationPort));
        Assert.Equal(0, info.TransportHeaderLength);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryParse_LaterFragment_HasOffsetAndKeyOfFirst(bool more)
    {
        Assert.True(IpPacket.TryParse(TestPackets.IPv4(17, TestPackets.Udp(7, 8, new byte[16]), more: true), out var first));

        Assert.True(IpPacket.TryParse(TestPackets.IPv4(17, new byte[16], fragmentOffset: 24, more: more), out var info));

        Assert.Equal(first.Key, info.Key);
        Assert.True(info.IsFragment);
        Assert.False(info.IsFirstFragment);
        Assert.Equal(24, info.FragmentOffset);
        Assert.False(info.HasPorts);
        Assert.Equal(20, info.TransportOffset);
    }

    [Theory]
    [InlineData(65_512, 3, true)]
    [InlineData(65_512, 4, false)]
    public void TryParse_FragmentPastLargestDatagram_IsMalformed(int offset, int length, bool expected)
    {
        Assert.Equal(expected, IpPacket.TryParse(TestPackets.IPv4(17, new byte[length], fragmentOffset: offset), out _));
    }

    [Fact]
    public void TryParse_FewerThanFourBytesOfTransport_HasNoPorts()
    {
        for (var length = 0; length < 4; length++)
        {
            Assert.True(IpPacket.TryParse(TestPackets.IPv4(6, new byte[length]), out var info));
            Assert.False(info.HasPorts);
            Assert.Equal(new ConnectionKey(Source, Destination, 6), info.Key);
        }
    }

    [Theory]
    [InlineData(0x00, 0)]
    [InlineData(0x40, 0)]
    [InlineData(0x50, 20)]
    [InlineData(0x80, 32)]
    [InlineData(0x90, 0)]
    [InlineData(0xF0, 0)]
    public void TryParse_TcpDataOffset_IsHeaderLengthWhenPossible(byte dataOffset, int expected)
    {
        var tcp = TestPackets.Tcp(1, 2, new byte[12]);
        tcp[12] = dataOffset;

        Assert.True(IpPacket.TryParse(TestPackets.IPv4(6, tcp), out var info));

        Assert.Equal(expected, info.TransportHeaderLength);
    }

    [Fact]
    public void TryParse_EveryTruncation_IsMalformed()
    {
        foreach (var packet in TestPackets.Valid)
        {
            for (var length = 0; length < packet.Length; length++)
                Assert.False(IpPacket.TryParse(packet.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void TryParse_OtherVersions_AreMalformed()
    {
        foreach (var version in Enumerable.Range(0, 16).Where(static version => version is not (4 or 6)))
        {
            var packet = TestPackets.IPv4(17, new byte[60]);
            packet[0] = (byte)((version << 4) | 5);

            Assert.False(IpPacket.TryParse(packet, out _));
        }
    }
}
