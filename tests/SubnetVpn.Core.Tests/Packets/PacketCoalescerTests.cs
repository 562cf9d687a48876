using System.Buffers.Binary;
using SubnetVpn.Core.Packets;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class PacketCoalescerTests
{
    private const TunCapabilities All = TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation | TunCapabilities.TcpV6Segmentation | TunCapabilities.UdpSegmentation;
    private const int TcpSize = 1000;

    private readonly PacketPool _pool = new(new PacketPoolOptions { CheckMisuse = true });

    // The byte of an IPv4 packet without options, the bits of it that change, and whether the checksums are made to fit.
    public static TheoryData<string, int, byte, bool> Differences => new()
    {
        { "type of service", 1, 0x01, true },
        { "do not fragment", 6, 0x40, true },
        { "time to live", 8, 0x01, true },
        { "source address", 15, 0x01, true },
        { "source port", 21, 0x01, true },
        { "destination port", 23, 0x01, true },
        { "sequence", 27, 0x01, true },
        { "acknowledgment", 31, 0x01, true },
        { "window", 35, 0x01, true },
        { "urgent pointer", 39, 0x01, true },
        { "FIN", 33, 0x01, true },
        { "RST", 33, 0x04, true },
        { "SYN", 33, 0x02, true },
        { "URG", 33, 0x20, true },
        { "ECE", 33, 0x40, true },
        { "CWR", 33, 0x80, true },
        { "no ACK", 33, 0x10, true },
        { "payload", 500, 0x01, false },
        { "IPv4 checksum", 10, 0x01, false },
        { "TCP checksum", 36, 0x01, false },
    };

    // The packets are those that were cut from one super-packet, so they must be it again.
    [Theory]
    [InlineData(true, true, 60_001, 1348)]
    [InlineData(true, false, 60_001, 1348)]
    [InlineData(true, true, 2000, 1000)]
    [InlineData(false, true, 60_001, 1200)]
    [InlineData(false, false, 60_001, 1200)]
    [InlineData(false, true, 64 * 200, 200)]
    [InlineData(false, true, 2, 1)]
    public void Join_WhatWasCut_IsTheSuperPacketAgain(bool isTcp, bool isIPv4, int length, int size)
    {
        var payload = TestPackets.RandomBytes(length, 1);
        byte[] options = [1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8];
        var whole = isTcp
            ? SuperPackets.Tcp(isIPv4, payload, (ushort)size, flags: 0x18, sequence: 0xFFFF_8000, tcpOptions: options)
            : SuperPackets.Udp(isIPv4, payload, (ushort)size);

        var joined = Join(Cut(whole));

        var packet = Assert.Single(joined);
        Assert.Equal(whole.Offload, packet.Offload);
        Assert.Equal(WithIPv4Checksum(whole.Span.ToArray()), packet.Span.ToArray());
        Assert.True(IpPacket.TryParse(packet.Span, out var info));
        Assert.True(OffloadPackets.TryValidate(packet.Offload, info, packet.Span));
        Release(joined);
    }

    // What our own nodes send: the kernel left the checksum for later.
    [Theory]
    [InlineData(6)]
    [InlineData(17)]
    public void Join_ChecksumsThatAreOpen_NeedNoLook(byte protocol)
    {
        var packets = new List<PacketBuffer>();
        for (var i = 0; i < 3; i++)
        {
            var packet = SuperPackets.WithoutChecksum(true, protocol, TestPackets.RandomBytes(100, i));
            if (protocol == 6)
                BinaryPrimitives.WriteUInt32BigEndian(packet.Span[24..], (uint)(1000 + (i * 100)));
            WithIPv4Checksum(packet.Span);
            packets.Add(Rent(packet.Span.ToArray(), packet.Offload));
        }

        var joined = Join(packets);

        Assert.Equal(protocol == 6 ? GsoType.TcpV4 : GsoType.Udp, Assert.Single(joined).Offload.GsoType);
        Assert.Equal(100, joined[0].Offload.SegmentSize);
        Release(joined);
    }

    [Theory]
    [MemberData(nameof(Differences))]
    public void Join_PacketThatDiffers_IsLeftAsItIs(string difference, int offset, byte bits, bool isIntact)
    {
        var packets = Cut(SuperPackets.Tcp(true, TestPackets.RandomBytes(3 * TcpSize, 2), TcpSize));
        var changed = packets[1].Span;
        changed[offset] ^= bits;
        if (isIntact)
            WithChecksums(changed);
        var expected = packets.ConvertAll(static packet => packet.Span.ToArray());

        var joined = Join(packets);

        Assert.True(joined.Count == 3, $"{difference}: {joined.Count} packets");
        Assert.Equal(expected, joined.ConvertAll(static packet => packet.Span.ToArray()));
        Assert.All(joined, static packet => Assert.True(packet.Offload.IsNone));
        Release(joined);
    }

    [Fact]
    public void Join_FirstPacketIsDamaged_JoinsTheOthers()
    {
        var packets = Cut(SuperPackets.Udp(true, TestPackets.RandomBytes(400, 3), 100));
        packets[0].Span[^1] ^= 1;

        var joined = Join(packets);

        Assert.Equal([128, 28 + 300], joined.ConvertAll(static packet => packet.Length));
        Assert.True(joined[0].Offload.IsNone);
        Release(joined);
    }

    [Fact]
    public void Join_Push_IsTheLast()
    {
        var packets = Cut(SuperPackets.Tcp(true, TestPackets.RandomBytes(4 * TcpSize, 4), TcpSize));
        packets[1].Span[33] |= 0x08;
        WithChecksums(packets[1].Span);

        var joined = Join(packets);

        Assert.Equal([40 + (2 * TcpSize), 40 + (2 * TcpSize)], joined.ConvertAll(static packet => packet.Length));
        Assert.Equal([0x18, 0x10], joined.ConvertAll(static packet => packet.Span[33]));
        Release(joined);
    }

    [Fact]
    public void Join_ShorterPacket_IsTheLast_AndALongerOneBeginsAnew()
    {
        var sizes = new[] { 100, 100, 60, 100, 120, 120 };
        var packets = sizes.Select(size => Cut(SuperPackets.Udp(false, TestPackets.RandomBytes(size, size), (ushort)size))[0]).ToList();

        var joined = Join(packets);

        Assert.Equal([48 + 260, 48 + 100, 48 + 240], joined.ConvertAll(static packet => packet.Length));
        Release(joined);
    }

    [Fact]
    public void Join_64Packets_AreTheMost()
    {
        var joined = Join(Cut(SuperPackets.Udp(true, TestPackets.RandomBytes(70 * 20, 5), 20)));

        Assert.Equal([28 + (64 * 20), 28 + (6 * 20)], joined.ConvertAll(static packet => packet.Length));
        Release(joined);
    }

    [Fact]
    public void Join_MoreThanFitsAPacket_BeginsAnew()
    {
        var packets = Cut(SuperPackets.Udp(true, TestPackets.RandomBytes(60_000, 6), 10_000));
        packets.AddRange(Cut(SuperPackets.Udp(true, TestPackets.RandomBytes(20_000, 7), 10_000)));

        var joined = Join(packets);

        Assert.Equal([28 + 60_000, 28 + 20_000], joined.ConvertAll(static packet => packet.Length));
        Release(joined);
    }

    [Theory]
    [InlineData(TunCapabilities.None)]
    [InlineData(TunCapabilities.Checksum)]
    [InlineData(All & ~TunCapabilities.TcpV4Segmentation)]
    [InlineData(All & ~TunCapabilities.Checksum)]
    public void Join_ForADeviceThatCannotCut_DoesNothing(TunCapabilities device)
    {
        var joined = Join(Cut(SuperPackets.Tcp(true, TestPackets.RandomBytes(3000, 8), 1000)), device);

        Assert.Equal(3, joined.Count);
        Release(joined);
    }

    [Fact]
    public void Join_WithoutChecksum_OptionsOrFragments_AreLeftAsTheyAre()
    {
        var unchecked1 = Cut(SuperPackets.Udp(true, TestPackets.RandomBytes(300, 9), 100));
        foreach (var packet in unchecked1)
            packet.Span.Slice(26, 2).Clear();
        var options = Cut(SuperPackets.Tcp(true, TestPackets.RandomBytes(300, 10), 100, ipOptions: [7, 7, 4, 0, 0, 0, 0, 0]));
        var extensions = Cut(SuperPackets.Tcp(false, TestPackets.RandomBytes(300, 11), 100, extensions: [ExtensionHeader.HopByHop()]));
        var fragments = Cut(SuperPackets.Udp(true, TestPackets.RandomBytes(300, 12), 100));
        foreach (var packet in fragments)
        {
            packet.Span[6] |= 0x20;
            WithIPv4Checksum(packet.Span);
        }
        var tiny = Cut(SuperPackets.Tcp(true, TestPackets.RandomBytes(96, 13), 48)).ConvertAll(packet =>
        {
            // An acknowledgment without data.
            var empty = packet.Span[..40].ToArray();
            BinaryPrimitives.WriteUInt16BigEndian(empty.AsSpan(2), 40);
            packet.Release();
            return Rent(WithChecksums(empty), default);
        });
        List<PacketBuffer> all = [.. unchecked1, .. options, .. extensions, .. fragments, .. tiny];
        var expected = all.ConvertAll(static packet => packet.Span.ToArray());

        var joined = Join(all);

        Assert.Equal(expected, joined.ConvertAll(static packet => packet.Span.ToArray()));
        Release(joined);
    }

    [Fact]
    public void Join_InSteadyState_AllocatesNothing()
    {
        var pool = new PacketPool();
        var coalescer = new PacketCoalescer(pool, All);
        var segments = Cut(SuperPackets.Tcp(false, TestPackets.RandomBytes(20_000, 14), 1000));

        Allocations.AssertNone(() =>
        {
            PacketBuffer? first = null;
            foreach (var segment in segments)
            {
                var packet = pool.Rent(segment.Length);
                packet.Set(segment.Span);
                if (!IpPacket.TryParse(packet.Span, out var info))
                    throw new InvalidOperationException();
                if (first is not null)
                {
                    if (!coalescer.TryJoin(ref first, packet, info))
                        throw new InvalidOperationException();
                    continue;
                }
                coalescer.Begin(packet, info);
                first = packet;
            }
            coalescer.Finish();
            first!.Release();
        });
    }

    private List<PacketBuffer> Join(List<PacketBuffer> packets, TunCapabilities device = All)
    {
        var coalescer = new PacketCoalescer(_pool, device);
        var joined = new List<PacketBuffer>();
        foreach (var packet in packets)
        {
            Assert.True(IpPacket.TryParse(packet.Span, out var info));
            if (joined.Count > 0)
            {
                var last = joined[^1];
                var isJoined = coalescer.TryJoin(ref last, packet, info);
                joined[^1] = last;
                if (isJoined)
                    continue;
            }
            coalescer.Begin(packet, info);
            joined.Add(packet);
        }
        coalescer.Finish();
        Assert.Equal(joined.Count, _pool.Rented);
        return joined;
    }

    private List<PacketBuffer> Cut(PacketBuffer whole)
    {
        Assert.True(IpPacket.TryParse(whole.Span, out var info));
        var output = new PacketBuffer[OffloadPackets.SegmentCount(whole.Offload, whole.Length, info)];
        Assert.Equal(output.Length, OffloadPackets.Segment(whole, info, _pool, output));
        return [.. output];
    }

    private PacketBuffer Rent(byte[] packet, PacketOffload offload)
    {
        var buffer = _pool.Rent(packet.Length);
        buffer.Set(packet);
        buffer.Offload = offload;
        return buffer;
    }

    private void Release(List<PacketBuffer> packets)
    {
        foreach (var packet in packets)
            packet.Release();
        Assert.Equal(0, _pool.Rented);
    }

    private static byte[] WithChecksums(Span<byte> packet)
    {
        WithIPv4Checksum(packet);
        packet.Slice(36, 2).Clear();
        var sum = InternetChecksum.Sum(packet[20..], InternetChecksum.PseudoHeader(packet.Slice(12, 4), packet.Slice(16, 4), 6, packet.Length - 20));
        BinaryPrimitives.WriteUInt16BigEndian(packet[36..], InternetChecksum.Fold(sum));
        return packet.ToArray();
    }

    // Packets of the tests are made without.
    private static byte[] WithIPv4Checksum(Span<byte> packet)
    {
        if (packet[0] >> 4 == 4)
        {
            packet.Slice(10, 2).Clear();
            BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Fold(InternetChecksum.Sum(packet[..((packet[0] & 0x0F) * 4)])));
        }
        return packet.ToArray();
    }
}
