using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class InternetChecksumTests
{
    [Fact]
    public void Sum_ExampleOfRfc1071_IsThatOfTheRfc()
    {
        // RFC 1071, section 3.
        var sum = InternetChecksum.Sum([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]);

        Assert.Equal(0xDDF2u, sum);
        Assert.Equal(0x220D, InternetChecksum.Fold(sum));
    }

    [Fact]
    public void Sum_EveryLengthAndAlignment_EqualsReference()
    {
        var data = TestPackets.RandomBytes(700, 11);
        for (var start = 0; start < 33; start++)
        {
            for (var length = 0; length < 600; length++)
            {
                var piece = data.AsSpan(start, length);
                Assert.Equal((ushort)~ReferenceChecksum.Sum(piece), InternetChecksum.Fold(InternetChecksum.Sum(piece)));
            }
        }
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void Sum_ExtremeBytesOfLargestPacket_EqualsReference(byte value)
    {
        var data = Enumerable.Repeat(value, 65_535).ToArray();

        Assert.Equal((ushort)~ReferenceChecksum.Sum(data), InternetChecksum.Fold(InternetChecksum.Sum(data)));
    }

    [Fact]
    public void Sum_InPieces_EqualsSumOfWhole()
    {
        var random = new Random(12);
        for (var round = 0; round < 2000; round++)
        {
            var data = TestPackets.RandomBytes(random.Next(1, 3000), round);
            var sum = 0u;
            var rest = data.AsSpan();
            while (rest.Length > 1 && random.Next(10) > 0)
            {
                var length = random.Next(rest.Length / 2 + 1) * 2;
                sum = InternetChecksum.Sum(rest[..length], sum);
                rest = rest[length..];
            }
            sum = InternetChecksum.Sum(rest, sum);

            Assert.Equal((ushort)~ReferenceChecksum.Sum(data), InternetChecksum.Fold(sum));
        }
    }

    [Fact]
    public void Fold_LargestSum_DoesNotOverflow()
    {
        Assert.Equal(0, InternetChecksum.Fold(uint.MaxValue));
        Assert.Equal(0xFFFF, InternetChecksum.Fold(0));
        Assert.Equal(0xFFFE, InternetChecksum.Fold(0x0001_0000));
    }

    [Fact]
    public void PseudoHeader_EitherFamily_EqualsReference()
    {
        foreach (var packet in new[] { TestPackets.IPv4(6, new byte[5]), TestPackets.IPv6(6, new byte[5]) })
        {
            var (offset, length) = packet[0] >> 4 == 4 ? (12, 4) : (8, 16);

            var sum = InternetChecksum.PseudoHeader(packet.AsSpan(offset, length), packet.AsSpan(offset + length, length), 6, 65_000);

            Assert.Equal((ushort)~ReferenceChecksum.PseudoHeader(packet, 6, 65_000), InternetChecksum.Fold(sum));
        }
    }
}
