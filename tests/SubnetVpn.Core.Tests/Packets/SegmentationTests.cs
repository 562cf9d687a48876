using System.Buffers.Binary;
using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class SegmentationTests
{
    private readonly PacketPool _pool = new(new PacketPoolOptions { CheckMisuse = true });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Segment_Tcp_IsCompleteAndReassembles(bool isIPv4)
    {
        var payload = TestPackets.RandomBytes(60_001, 1);
        var packet = SuperPackets.Tcp(isIPv4, payload, 1348, flags: 0x18, sequence: 0xFFFF_8000, tcpOptions: [1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8]);
        var headerLength = (isIPv4 ? 20 : 40) + 32;

        var segments = Segment(packet);

        Assert.Equal(45, segments.Count);
        Assert.Equal(payload, segments.SelectMany(segment => segment[headerLength..]).ToArray());
        for (var index = 0; index < segments.Count; index++)
        {
            var segment = segments[index];
            ReferenceChecksum.AssertComplete(segment, 6, headerLength - 32);
            Assert.True(IpPacket.TryParse(segment, out _));
            Assert.Equal(index < 44 ? headerLength + 1348 : headerLength + (60_001 % 1348), segment.Length);
            // The sequence number wraps on the way.
            Assert.Equal(unchecked(0xFFFF_8000 + (uint)(index * 1348)), BinaryPrimitives.ReadUInt32BigEndian(segment.AsSpan(headerLength - 28)));
            Assert.Equal(packet.Span[(headerLength - 12)..headerLength].ToArray(), segment[(headerLength - 12)..headerLength]);
        }
    }

    [Fact]
    public void Segment_Tcp_PutsFlagsWhereTheyBelong()
    {
        // FIN, PSH, ACK, URG, ECE, CWR.
        var segments = Segment(SuperPackets.Tcp(true, new byte[3000], 1000, flags: 0xF9));

        Assert.Equal([0xF0, 0x70, 0x79], segments.Select(static segment => segment[33]));
    }

    [Fact]
    public void Segment_OneSegment_KeepsAllFlags()
    {
        var segments = Segment(SuperPackets.Tcp(true, new byte[3000], 3000, flags: 0xF9));

        Assert.Equal(0xF9, Assert.Single(segments)[33]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Segment_IPv4_CountsIdentification(bool isUdp)
    {
        var packet = isUdp ? SuperPackets.Udp(true, new byte[3000], 1000, id: 0xFFFE) : SuperPackets.Tcp(true, new byte[3000], 1000, id: 0xFFFE);

        var segments = Segment(packet);

        Assert.Equal([0xFFFE, 0xFFFF, 0x0000], segments.Select(static segment => BinaryPrimitives.ReadUInt16BigEndian(segment.AsSpan(4))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Segment_Udp_IsCompleteAndReassembles(bool isIPv4)
    {
        var payload = TestPackets.RandomBytes(60_001, 2);
        var headerLength = (isIPv4 ? 20 : 40) + 8;

        var segments = Segment(SuperPackets.Udp(isIPv4, payload, 1200));

        Assert.Equal(51, segments.Count);
        Assert.Equal(payload, segments.SelectMany(segment => segment[headerLength..]).ToArray());
        foreach (var segment in segments)
        {
            ReferenceChecksum.AssertComplete(segment, 17, headerLength - 8);
            Assert.True(IpPacket.TryParse(segment, out _));
            Assert.Equal(segment.Length - headerLength + 8, BinaryPrimitives.ReadUInt16BigEndian(segment.AsSpan(headerLength - 4)));
        }
    }

    [Fact]
    public void Segment_UdpSumOfZero_IsWrittenAsAllOnes()
    {
        var packet = SuperPackets.Udp(true, new byte[200], 100);
        var first = Segment(packet)[0];
        // Adding the checksum of the first segment to its payload makes its sum 0xFFFF.
        first.AsSpan(26, 2).CopyTo(packet.Span[28..]);

        var segments = Segment(packet);

        Assert.Equal(0xFFFF, BinaryPrimitives.ReadUInt16BigEndian(segments[0].AsSpan(26)));
        ReferenceChecksum.AssertComplete(segments[0], 17, 20);
    }

    [Fact]
    public void Segment_OptionsAndExtensionHeaders_AreInEverySegment()
    {
        var withOptions = SuperPackets.Tcp(true, TestPackets.RandomBytes(3000, 3), 1000, ipOptions: [7, 7, 4, 0, 0, 0, 0, 0]);
        foreach (var segment in Segment(withOptions))
        {
            Assert.Equal(withOptions.Span[20..28].ToArray(), segment[20..28]);
            ReferenceChecksum.AssertComplete(segment, 6, 28);
        }

        var withExtension = SuperPackets.Tcp(false, TestPackets.RandomBytes(3000, 4), 1000, extensions: [ExtensionHeader.HopByHop(), ExtensionHeader.DestinationOptions(1)]);
        foreach (var segment in Segment(withExtension))
        {
            Assert.Equal(withExtension.Span[40..64].ToArray(), segment[40..64]);
            Assert.Equal(segment.Length - 40, BinaryPrimitives.ReadUInt16BigEndian(segment.AsSpan(4)));
            ReferenceChecksum.AssertComplete(segment, 6, 64);
        }
    }

    [Fact]
    public void Segment_SuperPacket_IsNotChangedAndTagIsHandedOn()
    {
        var packet = SuperPackets.Tcp(true, TestPackets.RandomBytes(3000, 5), 1000, flags: 0xF9);
        packet.Tag = 42;
        var before = packet.Span.ToArray();
        Assert.True(IpPacket.TryParse(packet.Span, out var info));
        var output = new PacketBuffer[3];

        Assert.Equal(3, OffloadPackets.Segment(packet, info, _pool, output));

        Assert.Equal(before, packet.Span.ToArray());
        Assert.True(packet.Offload.IsSegmented);
        Assert.All(output, static segment => Assert.Equal((42, true, PacketBuffer.Headroom), (segment.Tag, segment.Offload.IsNone, segment.Offset)));
    }

    [Fact]
    public void Segment_WrittenFrameBefore_ReadsContentOnly()
    {
        // A buffer whose content does not begin behind the headroom, as one that was read from a frame.
        var packet = SuperPackets.Tcp(true, TestPackets.RandomBytes(3000, 6), 1000);
        var shifted = new PacketBuffer(4000) { Offload = packet.Offload };
        shifted.Set([1, 2, 3, .. packet.Span]);
        shifted.TrimStart(3);

        Assert.Equal(Segment(packet), Segment(shifted));
    }

    [Fact]
    public void Segment_OutputTooShort_ThrowsAndRentsNothing()
    {
        var packet = SuperPackets.Tcp(true, new byte[3000], 1000);
        Assert.True(IpPacket.TryParse(packet.Span, out var info));

        Assert.Throws<ArgumentException>(() => OffloadPackets.Segment(packet, info, _pool, new PacketBuffer[2]));
        Assert.Equal(0, _pool.Rented);
    }

    [Fact]
    public void Segment_NotASuperPacket_Throws()
    {
        var packet = SuperPackets.WithoutChecksum(true, 6, new byte[10]);
        Assert.True(IpPacket.TryParse(packet.Span, out var info));

        Assert.Throws<ArgumentException>(() => OffloadPackets.Segment(packet, info, _pool, new PacketBuffer[2]));
        Assert.Equal(1, OffloadPackets.SegmentCount(packet.Offload, packet.Length, info));
    }

    [Fact]
    public void Segment_CannotBeCut_GivesNothing()
    {
        var noSize = SuperPackets.Tcp(true, new byte[3000], 1000);
        noSize.Offload = noSize.Offload with { SegmentSize = 0 };
        var noTransport = new PacketBuffer(100) { Offload = noSize.Offload with { SegmentSize = 1000 } };
        noTransport.Set(TestPackets.IPv4(6, new byte[19]));
        var noPayload = SuperPackets.Tcp(true, [], 1000);

        foreach (var packet in new[] { noSize, noTransport, noPayload })
        {
            Assert.True(IpPacket.TryParse(packet.Span, out var info));
            Assert.Equal(0, OffloadPackets.SegmentCount(packet.Offload, packet.Length, info));
            Assert.Equal(0, OffloadPackets.Segment(packet, info, _pool, []));
        }
    }

    [Fact]
    public void SegmentCount_SmallestSegmentsOfLargestPacket_IsAtMostTheLimit()
    {
        var packet = SuperPackets.Tcp(true, new byte[65_535 - 40], OffloadLimits.MinTcpSegmentSize);

        var segments = Segment(packet);

        Assert.InRange(segments.Count, 1360, OffloadLimits.MaxSegments);
        Assert.InRange(segments.Sum(static segment => segment.Length), 65_535, 65_535 * 63 / 10);
    }

    [Fact]
    public void Segment_WarmPool_AllocatesNothing()
    {
        var pool = new PacketPool();
        var packet = SuperPackets.Tcp(false, new byte[60_000], 1348);
        var small = SuperPackets.WithoutChecksum(true, 17, new byte[100]);
        var offload = small.Offload;
        var output = new PacketBuffer[OffloadLimits.MaxSegments];

        Allocations.AssertNone(() =>
        {
            if (!IpPacket.TryParse(packet.Span, out var info) || !OffloadPackets.TryValidate(packet.Offload, info, packet.Span))
                throw new InvalidOperationException();
            var count = OffloadPackets.Segment(packet, info, pool, output);
            for (var index = 0; index < count; index++)
                output[index].Release();
            small.Offload = offload;
            OffloadPackets.TryCompleteChecksum(small);
        });
    }

    private List<byte[]> Segment(PacketBuffer packet)
    {
        Assert.True(IpPacket.TryParse(packet.Span, out var info));
        Assert.True(OffloadPackets.TryValidate(packet.Offload, info, packet.Span));
        var output = new PacketBuffer[OffloadPackets.SegmentCount(packet.Offload, packet.Length, info)];
        Assert.Equal(output.Length, OffloadPackets.Segment(packet, info, _pool, output));
        var segments = output.Select(static segment => segment.Span.ToArray()).ToList();
        foreach (var segment in output)
            segment.Release();
        Assert.Equal(0, _pool.Rented);
        return segments;
    }
}
