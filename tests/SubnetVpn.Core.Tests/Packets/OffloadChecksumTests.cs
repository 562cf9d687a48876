using System.Buffers.Binary;
using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class OffloadChecksumTests
{
    [Theory]
    [InlineData(true, 6)]
    [InlineData(true, 17)]
    [InlineData(false, 6)]
    [InlineData(false, 17)]
    public void TryCompleteChecksum_EveryPayloadLength_IsRight(bool isIPv4, byte protocol)
    {
        for (var length = 0; length < 200; length++)
        {
            var packet = SuperPackets.WithoutChecksum(isIPv4, protocol, TestPackets.RandomBytes(length, length));

            Assert.True(OffloadPackets.TryCompleteChecksum(packet));

            Assert.Equal(default, packet.Offload);
            ReferenceChecksum.AssertComplete(packet.Span, protocol, isIPv4 ? 20 : 40);
        }
    }

    [Fact]
    public void TryCompleteChecksum_UdpSumOfZero_IsWrittenAsAllOnes()
    {
        // The last two bytes make the sum 0xFFFF, whose complement is 0, which UDP takes for no checksum.
        var packet = SuperPackets.WithoutChecksum(true, 17, [0, 0]);
        var sum = ReferenceChecksum.Sum(packet.Span[20..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet.Span[^2..], (ushort)~sum);

        Assert.True(OffloadPackets.TryCompleteChecksum(packet));

        Assert.Equal(0xFFFF, BinaryPrimitives.ReadUInt16BigEndian(packet.Span[26..]));
        ReferenceChecksum.AssertComplete(packet.Span, 17, 20);
    }

    [Fact]
    public void TryCompleteChecksum_NothingToDo_LeavesPacket()
    {
        var packet = SuperPackets.WithoutChecksum(true, 6, new byte[10]);
        packet.Offload = new PacketOffload { Flags = PacketOffload.DataValidFlag };
        var before = packet.Span.ToArray();

        Assert.True(OffloadPackets.TryCompleteChecksum(packet));

        Assert.Equal(before, packet.Span.ToArray());
        Assert.Equal(default, packet.Offload);
    }

    [Theory]
    [InlineData(20, 29)]
    [InlineData(49, 0)]
    [InlineData(65_535, 65_535)]
    public void TryCompleteChecksum_PlaceOutsidePacket_IsRefused(ushort start, ushort offset)
    {
        var packet = SuperPackets.WithoutChecksum(true, 6, new byte[10]);
        packet.Offload = packet.Offload with { ChecksumStart = start, ChecksumOffset = offset };
        var before = packet.Span.ToArray();

        Assert.False(OffloadPackets.TryCompleteChecksum(packet));

        Assert.Equal(before, packet.Span.ToArray());
    }

    [Fact]
    public void TryCompleteChecksum_SuperPacket_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => OffloadPackets.TryCompleteChecksum(SuperPackets.Tcp(true, new byte[3000], 1000)));
    }
}
