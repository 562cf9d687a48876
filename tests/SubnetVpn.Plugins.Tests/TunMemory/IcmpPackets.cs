using System.Buffers.Binary;

namespace SubnetVpn.Plugins.Tests.TunMemory;

/// <summary>Builds ICMP and ICMPv6 echo packets, each checksum worked out from the whole packet.</summary>
internal static class IcmpPackets
{
    public static byte[] Echo(VirtualIp source, VirtualIp destination, byte type, int payload)
    {
        var packet = new byte[28 + payload];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 1;
        source.WriteBytes(packet.AsSpan(12));
        destination.WriteBytes(packet.AsSpan(16));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, 20), 0));
        Fill(packet.AsSpan(20), type, 0);
        return packet;
    }

    public static byte[] EchoV6(VirtualIp source, VirtualIp destination, byte type, int payload)
    {
        var packet = new byte[48 + payload];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(8 + payload));
        packet[6] = 58;
        packet[7] = 64;
        source.WriteBytes(packet.AsSpan(8));
        destination.WriteBytes(packet.AsSpan(24));
        // Pseudo header: addresses, length, next header.
        Fill(packet.AsSpan(40), type, Sum(packet.AsSpan(8, 32)) + (uint)(8 + payload) + 58);
        return packet;
    }

    private static void Fill(Span<byte> message, byte type, uint pseudoHeader)
    {
        message[0] = type;
        message[5] = 77;
        message[7] = 1;
        for (var i = 8; i < message.Length; i++)
            message[i] = (byte)(i * 7);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Checksum(message, pseudoHeader));
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes, uint start)
    {
        var sum = start + Sum(bytes);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i++)
            sum += (i & 1) == 0 ? (uint)bytes[i] << 8 : bytes[i];
        return sum;
    }
}
