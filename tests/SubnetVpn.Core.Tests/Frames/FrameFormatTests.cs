using System.Buffers.Binary;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Tests.Packets;

namespace SubnetVpn.Core.Tests.Frames;

public sealed class FrameFormatTests
{
    private const int Mtu = 1400;

    [Fact]
    public void PrependHeader_Content_IsFramed()
    {
        var buffer = Buffer([1, 2, 3, 4, 5, 6, 7, 8]);

        FrameFormat.PrependHeader(buffer, FrameType.Ping);

        Assert.Equal([0, 0, 0, 9, 3, 1, 2, 3, 4, 5, 6, 7, 8], buffer.Span.ToArray());
    }

    [Fact]
    public void PrependPacket_CompletePacket_IsPacketFrame()
    {
        var buffer = Buffer([0x45, 1, 2]);
        buffer.Offload = new PacketOffload { Flags = PacketOffload.DataValidFlag };

        FrameFormat.PrependPacket(buffer);

        Assert.Equal([0, 0, 0, 4, 1, 0x45, 1, 2], buffer.Span.ToArray());
    }

    [Fact]
    public void PrependPacket_SomethingLeftToDo_IsOffloadFrame()
    {
        var buffer = Buffer([0x45, 1, 2]);
        buffer.Offload = new PacketOffload(1, GsoType.TcpV4, 0x0102, 0x0304, 0x0506, 0x0708);

        FrameFormat.PrependPacket(buffer);

        Assert.Equal([0, 0, 0, 14, 2, 1, 1, 2, 1, 4, 3, 6, 5, 8, 7, 0x45, 1, 2], buffer.Span.ToArray());
        Assert.Equal(buffer.Offload, PacketOffload.Read(buffer.Span[5..]));
    }

    [Fact]
    public void PrependPacket_LargestPacket_IsWithinLimits()
    {
        var buffer = new PacketBuffer(PacketBuffer.MaxPacketLength) { Offload = new PacketOffload(1, GsoType.TcpV4, 40, 1400, 20, 16) };
        buffer.SetLength(PacketBuffer.MaxPacketLength);

        FrameFormat.PrependPacket(buffer);

        Assert.True(FrameFormat.TryReadHeader(buffer.Span, Mtu, out var header, out var error));
        Assert.Equal((new FrameHeader(FrameType.OffloadPacket, 10 + 65_535), FrameError.None), (header, error));
    }

    [Fact]
    public void PrependLegacy_Packet_IsLengthAndPacket()
    {
        var buffer = Buffer([0x45, 1, 2]);

        FrameFormat.PrependLegacy(buffer);

        Assert.Equal([0, 0, 0, 3, 0x45, 1, 2], buffer.Span.ToArray());
    }

    [Fact]
    public void PrependLegacy_IncompletePacket_Throws()
    {
        var buffer = Buffer([0x45, 1, 2]);
        buffer.Offload = new PacketOffload { Flags = PacketOffload.NeedsChecksumFlag };

        Assert.Throws<InvalidOperationException>(() => FrameFormat.PrependLegacy(buffer));
    }

    [Theory]
    [InlineData(0, 0, 4096)]
    [InlineData(1, 1, Mtu)]
    [InlineData(2, 11, 65_545)]
    [InlineData(3, 8, 8)]
    [InlineData(4, 8, 8)]
    [InlineData(5, 1, 1025)]
    [InlineData(6, 8, 8)]
    [InlineData(7, 16, 16)]
    [InlineData(8, 0, 65_536)]
    [InlineData(255, 0, 65_536)]
    public void TryReadHeader_BodyLength_IsBoundedByType(byte type, int min, int max)
    {
        foreach (var length in new[] { min, max })
        {
            Assert.True(Read(type, (uint)length + 1, out var header, out var error));
            Assert.Equal((new FrameHeader((FrameType)type, length), FrameError.None), (header, error));
            Assert.Equal(type <= 7, header.IsKnown);
        }
        foreach (var length in new[] { min - 1, max + 1 })
        {
            Assert.False(Read(type, (uint)(length + 1), out var header, out var error));
            Assert.Equal((default, FrameError.InvalidLength), (header, error));
        }
        foreach (var length in new[] { 0u, 0x7FFF_FFFFu, 0x8000_0000u, 0xFFFF_FFFFu })
            Assert.False(Read(type, length, out _, out _));
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(1u, true)]
    [InlineData((uint)Mtu, true)]
    [InlineData((uint)Mtu + 1, false)]
    [InlineData(0x7FFF_FFFFu, false)]
    [InlineData(0x8000_0000u, false)]
    [InlineData(0xFFFF_FFFFu, false)]
    public void TryReadLegacyHeader_Length_IsOneToMtu(uint value, bool expected)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);

        Assert.Equal(expected, FrameFormat.TryReadLegacyHeader(bytes, Mtu, out var length, out var error));

        Assert.Equal(expected ? (int)value : 0, length);
        Assert.Equal(expected ? FrameError.None : FrameError.InvalidLength, error);
    }

    [Fact]
    public void TryReadHeader_RandomBytes_AcceptsOnlyWhatIsInBounds()
    {
        var random = new Random(20240605);
        var bytes = new byte[5];
        var accepted = 0;
        for (var round = 0; round < 200_000; round++)
        {
            random.NextBytes(bytes);
            // Half of them get a plausible start, or hardly one would be in bounds.
            if (random.Next(2) == 0)
                (bytes[0], bytes[1], bytes[4]) = (0, (byte)random.Next(2), (byte)random.Next(8));
            if (!FrameFormat.TryReadHeader(bytes, Mtu, out var header, out _))
                continue;
            accepted++;
            Assert.InRange(header.BodyLength, 0, 65_545);
            Assert.Equal((uint)header.BodyLength + 1, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }
        Assert.InRange(accepted, 1000, 200_000);
    }

    [Fact]
    public void Headers_ManyFrames_AllocateNothing()
    {
        var buffer = Buffer(new byte[100]);

        Allocations.AssertNone(() =>
        {
            buffer.Offload = new PacketOffload(1, GsoType.TcpV4, 40, 1400, 20, 16);
            FrameFormat.PrependPacket(buffer);
            if (!FrameFormat.TryReadHeader(buffer.Span, Mtu, out var header, out _) || header.BodyLength != 110)
                throw new InvalidOperationException();
            buffer.TrimStart(15);
            buffer.Offload = default;
            FrameFormat.PrependLegacy(buffer);
            if (!FrameFormat.TryReadLegacyHeader(buffer.Span, Mtu, out _, out _))
                throw new InvalidOperationException();
            buffer.TrimStart(4);
        });
    }

    private static PacketBuffer Buffer(byte[] content)
    {
        var buffer = new PacketBuffer(2048);
        buffer.Set(content);
        return buffer;
    }

    private static bool Read(byte type, uint length, out FrameHeader header, out FrameError error)
    {
        var bytes = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        bytes[4] = type;
        return FrameFormat.TryReadHeader(bytes, Mtu, out header, out error);
    }
}
