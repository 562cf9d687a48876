using System.Buffers;
using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Tests.Encoding;

public class UvarintTests
{
    // The first six: README of multiformats/unsigned-varint.
    [Theory]
    [InlineData(1UL, "01")]
    [InlineData(127UL, "7f")]
    [InlineData(128UL, "8001")]
    [InlineData(255UL, "ff01")]
    [InlineData(300UL, "ac02")]
    [InlineData(16384UL, "808001")]
    [InlineData(0UL, "00")]
    [InlineData((1UL << 63) - 1, "ffffffffffffffff7f")]
    public void Write_Number_MatchesVectorAndReadsBack(ulong value, string hex)
    {
        var buffer = new byte[Uvarint.MaxLength];

        var length = Uvarint.Write(buffer, value);

        Assert.Equal(hex, Hex.Text(buffer.AsSpan(0, length)));
        Assert.Equal(length, Uvarint.Length(value));
        Assert.True(Uvarint.TryRead(buffer, out var read, out var readLength));
        Assert.Equal((value, length), (read, readLength));
    }

    [Theory]
    [InlineData("8000")]
    [InlineData("8100")]
    [InlineData("ac8200")]
    [InlineData("ffffffffffffffffff01")]
    [InlineData("ffffffffffffffffff")]
    public void Read_NotMinimalOrTooLong_IsInvalid(string hex)
    {
        Assert.Equal(OperationStatus.InvalidData, Uvarint.Read(Hex.Bytes(hex), out _, out _));
        Assert.False(Uvarint.TryRead(Hex.Bytes(hex), out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("ffffffffffffffff")]
    public void Read_Truncated_NeedsMore(string hex)
    {
        Assert.Equal(OperationStatus.NeedMoreData, Uvarint.Read(Hex.Bytes(hex), out _, out _));
        Assert.False(Uvarint.TryRead(Hex.Bytes(hex), out _, out _));
    }

    [Fact]
    public void Write_MoreThan63Bits_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Uvarint.Write(new byte[10], 1UL << 63));
    }

    [Fact]
    public void Write_ShortDestination_Throws()
    {
        Assert.Throws<ArgumentException>(() => Uvarint.Write(new byte[1], 128));
    }

    [Fact]
    public void Read_Noise_WhatIsReadWritesBackTheSame()
    {
        var buffer = new byte[Uvarint.MaxLength];
        foreach (var bytes in RandomBytes.Noise(seed: 1, count: 20_000, maxLength: 12))
        {
            if (Uvarint.TryRead(bytes, out var value, out var length))
            {
                Assert.Equal(length, Uvarint.Write(buffer, value));
                Assert.Equal(bytes[..length], buffer[..length]);
            }
        }
    }
}
