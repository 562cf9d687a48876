using System.Buffers.Binary;
using System.Net;

namespace SubnetVpn.System.Tests.Hostile;

/// <summary>Hand-made IPv4 packets.</summary>
internal static class Packet
{
    private const int HeaderSize = 20;

    /// <summary>A UDP datagram without a checksum, which IPv4 allows.</summary>
    public static byte[] Udp(IPAddress source, IPAddress destination, ushort port = 9, int payload = 64)
    {
        var packet = new byte[HeaderSize + 8 + payload];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        source.TryWriteBytes(packet.AsSpan(12), out _);
        destination.TryWriteBytes(packet.AsSpan(16), out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(HeaderSize), 40_000);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(HeaderSize + 2), port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(HeaderSize + 4), (ushort)(8 + payload));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), HeaderChecksum(packet));
        return packet;
    }

    private static ushort HeaderChecksum(ReadOnlySpan<byte> packet)
    {
        uint sum = 0;
        for (var i = 0; i < HeaderSize; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
