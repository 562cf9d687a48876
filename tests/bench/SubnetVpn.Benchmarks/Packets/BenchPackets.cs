using System.Buffers.Binary;

namespace SubnetVpn.Benchmarks.Packets;

/// <summary>Packets with correct lengths, and checksums where it is said.</summary>
internal static class BenchPackets
{
    public const int IPv4Header = 20;
    public const int IPv6Header = 40;
    public const int TcpHeader = 20;
    public const int UdpHeader = 8;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte FragmentHeader = 44;

    public static byte[] IPv4Tcp(int length)
    {
        var packet = IPv4(Tcp, length);
        WriteTcp(packet.AsSpan(IPv4Header));
        return packet;
    }

    public static byte[] IPv4Udp(VirtualIp source, VirtualIp destination, int length)
    {
        var packet = IPv4(Udp, length);
        source.WriteBytes(packet.AsSpan(12));
        destination.WriteBytes(packet.AsSpan(16));
        WritePorts(packet, 1000, 2000);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IPv4Header + 4), (ushort)(length - IPv4Header));
        return packet;
    }

    /// <summary>A part of a UDP datagram; the first one, with the ports, when its offset is 0.</summary>
    public static byte[] IPv4Fragment(int length, int offset)
    {
        var packet = IPv4(Udp, length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)(0x2000 | (offset / 8)));
        return packet;
    }

    public static byte[] IPv6Udp(int length)
    {
        var packet = IPv6(Udp, length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IPv6Header + 4), (ushort)(length - IPv6Header));
        return packet;
    }

    public static byte[] IPv6Fragment(int length)
    {
        var packet = IPv6(FragmentHeader, length);
        packet[IPv6Header] = Udp;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IPv6Header + 2), 1);
        return packet;
    }

    /// <summary>Makes a packet one of another flow.</summary>
    public static void WritePorts(Span<byte> ipv4Packet, ushort source, ushort destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(ipv4Packet[IPv4Header..], source);
        BinaryPrimitives.WriteUInt16BigEndian(ipv4Packet[(IPv4Header + 2)..], destination);
    }

    private static byte[] IPv4(byte protocol, int length)
    {
        var packet = new byte[length];
        new Random(1).NextBytes(packet);
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)length);
        packet.AsSpan(6, 2).Clear();
        packet[8] = 64;
        packet[9] = protocol;
        ((ReadOnlySpan<byte>)[10, 0, 0, 1, 10, 0, 0, 2]).CopyTo(packet.AsSpan(12));
        return packet;
    }

    private static byte[] IPv6(byte nextHeader, int length)
    {
        var packet = new byte[length];
        new Random(1).NextBytes(packet);
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(length - IPv6Header));
        packet[6] = nextHeader;
        packet.AsSpan(8, 32).Clear();
        (packet[8], packet[23], packet[24], packet[39]) = (0xFD, 1, 0xFD, 2);
        return packet;
    }

    private static void WriteTcp(Span<byte> segment)
    {
        segment[12] = TcpHeader / 4 << 4;
        // An acknowledgement that is to be handed on.
        segment[13] = 0x18;
    }
}
