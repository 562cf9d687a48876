using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class OffloadValidationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryValidate_TcpSuperPacket_IsValid(bool isIPv4)
    {
        var packet = SuperPackets.Tcp(isIPv4, new byte[60_000], 1348, tcpOptions: new byte[12]);

        Assert.True(Validate(packet));
        Assert.True(Validate(packet, static offload => offload with { GsoType = offload.GsoType | (GsoType)0x80 }));
        // The kernel's hint may be missing, or reach into the payload.
        Assert.True(Validate(packet, static offload => offload with { HeaderLength = 0 }));
        Assert.True(Validate(packet, static offload => offload with { HeaderLength = 2000 }));
        Assert.True(Validate(packet, static offload => offload with { Flags = 3 }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryValidate_UdpSuperPacket_IsValid(bool isIPv4)
    {
        Assert.True(Validate(SuperPackets.Udp(isIPv4, new byte[60_000], 1200)));
        Assert.True(Validate(SuperPackets.Udp(isIPv4, new byte[100], 1)));
    }

    [Theory]
    [InlineData(true, 6)]
    [InlineData(true, 17)]
    [InlineData(false, 6)]
    [InlineData(false, 17)]
    public void TryValidate_ChecksumOnly_IsValid(bool isIPv4, byte protocol)
    {
        Assert.True(Validate(SuperPackets.WithoutChecksum(isIPv4, protocol, new byte[10])));
        Assert.True(Validate(SuperPackets.WithoutChecksum(isIPv4, protocol, [])));
    }

    [Fact]
    public void TryValidate_NothingToDo_IsValidForAnyPacket()
    {
        foreach (var packet in TestPackets.Valid)
        {
            Assert.True(IpPacket.TryParse(packet, out var info));
            Assert.True(OffloadPackets.TryValidate(default, info, packet));
            Assert.True(OffloadPackets.TryValidate(new PacketOffload { Flags = PacketOffload.DataValidFlag }, info, packet));
        }
    }

    [Fact]
    public void TryValidate_UnknownFlags_AreInvalid()
    {
        var packet = SuperPackets.Tcp(true, new byte[3000], 1000);

        for (var bit = 2; bit < 8; bit++)
        {
            var flags = (byte)(1 | (1 << bit));
            Assert.False(Validate(packet, offload => offload with { Flags = flags }));
        }
    }

    [Fact]
    public void TryValidate_EveryOtherType_IsInvalid()
    {
        foreach (var isIPv4 in new[] { true, false })
        {
            var tcp = SuperPackets.Tcp(isIPv4, new byte[3000], 1000);
            var udp = SuperPackets.Udp(isIPv4, new byte[3000], 1000);
            for (var type = 1; type < 256; type++)
            {
                var gso = (GsoType)type;
                var isTcp = isIPv4 ? gso is GsoType.TcpV4 or GsoType.TcpV4Ecn : gso is GsoType.TcpV6 or GsoType.TcpV6Ecn;
                Assert.Equal(isTcp, Validate(tcp, offload => offload with { GsoType = gso }));
                Assert.Equal(gso == GsoType.Udp, Validate(udp, offload => offload with { GsoType = gso }));
            }
        }
    }

    [Fact]
    public void TryValidate_OtherProtocol_IsInvalid()
    {
        foreach (var packet in new[] { TestPackets.IPv4(1, new byte[100]), TestPackets.IPv4(132, new byte[100]), TestPackets.IPv4(50, new byte[100]) })
        {
            Assert.True(IpPacket.TryParse(packet, out var info));
            foreach (ushort place in new ushort[] { 0, 2, 6, 8, 16 })
            {
                Assert.False(OffloadPackets.TryValidate(new PacketOffload(1, GsoType.None, 0, 0, 20, place), info, packet));
                Assert.False(OffloadPackets.TryValidate(new PacketOffload(1, GsoType.Udp, 0, 10, 20, place), info, packet));
            }
        }
    }

    [Fact]
    public void TryValidate_ChecksumElsewhere_IsInvalid()
    {
        var packet = SuperPackets.WithoutChecksum(true, 6, new byte[100]);

        foreach (ushort start in new ushort[] { 0, 19, 21, 40, 138, 65_535 })
            Assert.False(Validate(packet, offload => offload with { ChecksumStart = start }));
        foreach (ushort place in new ushort[] { 0, 6, 15, 17, 65_535 })
            Assert.False(Validate(packet, offload => offload with { ChecksumOffset = place }));
        Assert.False(Validate(packet, static offload => offload with { Flags = 0 }));
    }

    [Fact]
    public void TryValidate_TransportHeaderCutOff_IsInvalid()
    {
        for (var length = 0; length < 20; length++)
        {
            var packet = TestPackets.IPv4(6, new byte[length]);
            Assert.True(IpPacket.TryParse(packet, out var info));
            Assert.False(OffloadPackets.TryValidate(new PacketOffload(1, GsoType.None, 0, 0, 20, 16), info, packet));
        }
    }

    [Fact]
    public void TryValidate_Fragment_IsInvalid()
    {
        byte[][] fragments =
        [
            TestPackets.IPv4(6, TestPackets.Tcp(1, 2, new byte[200]), more: true),
            TestPackets.IPv4(6, TestPackets.Tcp(1, 2, new byte[200]), fragmentOffset: 800),
        ];
        foreach (var packet in fragments)
        {
            Assert.True(IpPacket.TryParse(packet, out var info));
            Assert.False(OffloadPackets.TryValidate(new PacketOffload(1, GsoType.None, 0, 0, 20, 16), info, packet));
            Assert.False(OffloadPackets.TryValidate(new PacketOffload(1, GsoType.TcpV4, 40, 100, 20, 16), info, packet));
        }
    }

    [Fact]
    public void TryValidate_SegmentsWithoutChecksum_AreInvalid()
    {
        var packet = SuperPackets.Tcp(true, new byte[3000], 1000);

        Assert.False(Validate(packet, static offload => offload with { Flags = 0 }));
        Assert.False(Validate(packet, static offload => offload with { Flags = 0, ChecksumStart = 0, ChecksumOffset = 0 }));
    }

    [Fact]
    public void TryValidate_SegmentSizeWithoutSegments_IsInvalid()
    {
        Assert.False(Validate(SuperPackets.WithoutChecksum(true, 6, new byte[100]), static offload => offload with { SegmentSize = 10 }));
    }

    [Theory]
    [InlineData(39, false)]
    [InlineData(40, true)]
    [InlineData(3040, true)]
    [InlineData(3041, false)]
    public void TryValidate_HeaderLength_IsBetweenHeadersAndPacket(ushort headerLength, bool expected)
    {
        Assert.Equal(expected, Validate(SuperPackets.Tcp(true, new byte[3000], 1000), offload => offload with { HeaderLength = headerLength }));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(47, false)]
    [InlineData(48, true)]
    [InlineData(65_534, true)]
    [InlineData(65_535, false)]
    public void TryValidate_TcpSegmentSize_IsBounded(ushort size, bool expected)
    {
        Assert.Equal(expected, Validate(SuperPackets.Tcp(true, new byte[65_535 - 40], size)));
    }

    [Theory]
    [InlineData(1280, 10, true)]
    [InlineData(1281, 10, false)]
    [InlineData(128, 1, true)]
    [InlineData(100, 0, false)]
    [InlineData(100, 65_535, false)]
    public void TryValidate_UdpSegments_AreBounded(int payload, ushort size, bool expected)
    {
        Assert.Equal(expected, Validate(SuperPackets.Udp(true, new byte[payload], size)));
    }

    [Fact]
    public void TryValidate_UdpLengthNotThatOfPacket_IsInvalid()
    {
        var packet = SuperPackets.Udp(true, new byte[3000], 1000);
        packet.Span[25]++;

        Assert.False(Validate(packet));
    }

    [Fact]
    public void TryValidate_NoPayload_IsInvalid()
    {
        Assert.False(Validate(SuperPackets.Tcp(true, [], 1000)));
        Assert.False(Validate(SuperPackets.Udp(true, [], 1000)));
    }

    [Theory]
    [InlineData(0x12)]
    [InlineData(0x14)]
    public void TryValidate_SynOrRstSuperPacket_IsInvalid(byte flags)
    {
        Assert.False(Validate(SuperPackets.Tcp(true, new byte[3000], 1000, flags)));
    }

    [Theory]
    [InlineData(23, true)]
    [InlineData(24, false)]
    public void TryValidate_LongHeaders_AreBounded(int units, bool expected)
    {
        // 40 of IPv6, 8 * (1 + units) of options and 20 of TCP are 252 or 260.
        var packet = SuperPackets.Tcp(false, new byte[3000], 1000, extensions: ExtensionHeader.DestinationOptions(units));

        Assert.Equal(expected, Validate(packet));
    }

    [Fact]
    public void TryValidate_RandomHeaders_NeverThrows_AndValidOnesSegment()
    {
        var random = new Random(77);
        var pool = new PacketPool(new PacketPoolOptions { CheckMisuse = true });
        var output = new PacketBuffer[OffloadLimits.MaxSegments];
        var packets = TestPackets.Valid.ToList();
        packets.Add(SuperPackets.Tcp(true, new byte[3000], 1000).Span.ToArray());
        packets.Add(SuperPackets.Udp(false, new byte[3000], 1000).Span.ToArray());
        var valid = 0;
        for (var round = 0; round < 200_000; round++)
        {
            var packet = packets[random.Next(packets.Count)];
            Assert.True(IpPacket.TryParse(packet, out var info));
            ushort Pick(params int[] values) => (ushort)(random.Next(4) > 0 ? values[random.Next(values.Length)] : random.Next(65_536));
            GsoType[] types = [GsoType.None, GsoType.TcpV4, GsoType.TcpV6, GsoType.Udp, GsoType.TcpV4Ecn, (GsoType)random.Next(256)];
            var offload = new PacketOffload(
                (byte)Pick(1, 1, 3, 0), types[random.Next(types.Length)], Pick(0, 40, 60, 100), Pick(0, 48, 100, 1200),
                Pick(info.TransportOffset, info.TransportOffset, 20), Pick(6, 16));
            if (!OffloadPackets.TryValidate(offload, info, packet))
                continue;

            valid++;
            var buffer = new PacketBuffer(packet.Length) { Offload = offload };
            buffer.Set(packet);
            if (!offload.IsSegmented)
            {
                Assert.True(OffloadPackets.TryCompleteChecksum(buffer));
                continue;
            }
            var count = OffloadPackets.Segment(buffer, info, pool, output);
            foreach (var segment in output.AsSpan(0, count))
                segment.Release();
        }

        Assert.InRange(valid, 1000, 200_000);
        Assert.Equal(0, pool.Rented);
    }

    private static bool Validate(PacketBuffer packet, Func<PacketOffload, PacketOffload>? change = null)
    {
        Assert.True(IpPacket.TryParse(packet.Span, out var info));
        return OffloadPackets.TryValidate(change is null ? packet.Offload : change(packet.Offload), info, packet.Span);
    }
}
