using System.Buffers.Binary;

namespace SubnetVpn.Core.Tests.Packets;

/// <summary>The checksum of RFC 1071 written as the RFC says it, two bytes at a time, to compare with.</summary>
internal static class ReferenceChecksum
{
    /// <summary>The folded sum, not complemented.</summary>
    public static ushort Sum(ReadOnlySpan<byte> data, uint initial = 0)
    {
        var sum = initial;
        for (var index = 0; index < data.Length; index += 2)
        {
            sum += (uint)((data[index] << 8) | (index + 1 < data.Length ? data[index + 1] : 0));
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>The folded sum of the pseudo header of a packet without extension headers beside options.</summary>
    public static ushort PseudoHeader(ReadOnlySpan<byte> packet, byte protocol, int transportLength)
    {
        var addresses = packet[0] >> 4 == 4 ? packet.Slice(12, 8) : packet.Slice(8, 32);
        return Sum(addresses, protocol + (uint)transportLength);
    }

    /// <summary>Fails unless the IPv4 header checksum and the TCP or UDP checksum are right.</summary>
    public static void AssertComplete(ReadOnlySpan<byte> packet, byte protocol, int transportOffset)
    {
        if (packet[0] >> 4 == 4)
            Assert.Equal(0xFFFF, Sum(packet[..((packet[0] & 15) * 4)]));
        var transport = packet[transportOffset..];
        if (protocol == 17)
            Assert.NotEqual(0, BinaryPrimitives.ReadUInt16BigEndian(transport[6..]));
        Assert.Equal(0xFFFF, Sum(transport, PseudoHeader(packet, protocol, transport.Length)));
    }
}
