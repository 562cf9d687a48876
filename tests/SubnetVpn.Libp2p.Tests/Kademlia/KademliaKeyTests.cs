using System.Security.Cryptography;
using SubnetVpn.Libp2p.Kademlia;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

public class KademliaKeyTests
{
    private static KademliaKey Key(params (int Index, byte Value)[] bytes)
    {
        var raw = new byte[32];
        foreach ((int index, byte value) in bytes)
        {
            raw[index] = value;
        }

        return KademliaKey.FromBytes(raw);
    }

    [Fact]
    public void Of_Bytes_IsTheirSha256() =>
        Assert.Equal(KademliaKey.FromBytes(SHA256.HashData("a key"u8)), KademliaKey.Of("a key"u8));

    [Theory]
    [InlineData(0, 0x80, 0)]
    [InlineData(0, 0x01, 7)]
    [InlineData(7, 0x01, 63)]
    [InlineData(8, 0x80, 64)]
    [InlineData(15, 0x01, 127)]
    [InlineData(16, 0x40, 129)]
    [InlineData(31, 0x01, 255)]
    public void CommonPrefix_OneBitDiffers_IsItsPlace(int index, byte value, int expected) =>
        Assert.Equal(expected, Key().CommonPrefix(Key((index, value))));

    [Fact]
    public void CommonPrefix_Same_IsAllBits() => Assert.Equal(KademliaKey.Bits, Key((3, 4)).CommonPrefix(Key((3, 4))));

    [Fact]
    public void CompareTo_Distances_FirstByteCountsMost()
    {
        KademliaKey near = Key((31, 0xFF), (16, 0xFF), (8, 0xFF));
        KademliaKey far = Key((0, 1));

        Assert.True(near.DistanceTo(Key()).CompareTo(far.DistanceTo(Key())) < 0);
        Assert.Equal(Key((0, 1), (31, 2)), Key((0, 1)).DistanceTo(Key((31, 2))));
        Assert.Equal(0, far.CompareTo(far));
    }
}
