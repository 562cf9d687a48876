using System.Buffers.Binary;

namespace SubnetVpn.TestKit.Tun;

/// <summary>Builds IPv4 UDP packets with correct checksums (RFC 791, RFC 768).</summary>
public static class TunPackets
{
    /// <summary>Length of the IPv4 and UDP headers.</summary>
    public const int HeaderLength = 28;

    /// <summary>Makes a packet.</summary>
    /// <param name="source">IPv4 source address.</param>
    /// <param name="destination">IPv4 destination address.</param>
    /// <param name="sourcePort">UDP source port.</param>
    /// <param name="destinationPort">UDP destination port.</param>
    /// <param name="payload">UDP payload.</param>
    public static byte[] Udp(VirtualIp source, VirtualIp destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        var packet = new byte[HeaderLength + payload.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        // Not zero, or a kernel fills one in; don't fragment, so that the size is kept.
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), 1);
        packet[6] = 0x40;
        packet[8] = 64;
        packet[9] = 17;
        source.WriteBytes(packet.AsSpan(12));
        destination.WriteBytes(packet.AsSpan(16));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Fold(Sum(packet.AsSpan(0, 20))));

        var udp = packet.AsSpan(20);
        BinaryPrimitives.WriteUInt16BigEndian(udp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[8..]);
        var checksum = Fold(Sum(packet.AsSpan(12, 8)) + 17 + (uint)udp.Length + Sum(udp));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xFFFF : checksum);
        return packet;
    }

    /// <summary>Makes a packet that carries a number, padded to a length.</summary>
    public static byte[] Numbered(VirtualIp source, VirtualIp destination, ushort port, int number, int length = HeaderLength + 4)
    {
        var payload = new byte[length - HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return Udp(source, destination, port, port, payload);
    }

    /// <summary>The number in a packet made by <see cref="Numbered"/>; -1 when it is another packet.</summary>
    public static int NumberOf(ReadOnlySpan<byte> packet, ushort port) =>
        packet.Length >= HeaderLength + 4 && packet[0] == 0x45 && packet[9] == 17 && BinaryPrimitives.ReadUInt16BigEndian(packet[22..]) == port
            ? BinaryPrimitives.ReadInt32BigEndian(packet[HeaderLength..])
            : -1;

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i++)
            sum += (i & 1) == 0 ? (uint)bytes[i] << 8 : bytes[i];
        return sum;
    }

    private static ushort Fold(uint sum)
    {
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
