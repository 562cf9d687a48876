using System.Buffers.Binary;
using System.Net;

namespace SubnetVpn.Cli.Demo;

/// <summary>Builds echo requests: ICMP alone for raw sockets, whole IPv4 packets for devices in memory.</summary>
internal static class EchoPacket
{
    public const int IpHeaderLength = 20;
    public const int IcmpHeaderLength = 8;
    public const int UdpHeaderLength = 8;

    private const byte Icmp = 1;
    private const byte Udp = 17;

    /// <summary>An ICMP echo message with its checksum (RFC 792). ICMPv6 has another checksum, which the kernel fills in.</summary>
    public static byte[] MakeIcmp(byte type, ushort identifier, ushort sequence, int payloadLength)
    {
        var message = new byte[IcmpHeaderLength + payloadLength];
        message[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), sequence);
        for (var i = IcmpHeaderLength; i < message.Length; i++)
            message[i] = (byte)i;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        return message;
    }

    /// <summary>An IPv4 packet with an ICMP echo request.</summary>
    public static byte[] MakeIPv4Icmp(IPAddress source, IPAddress destination, ushort identifier, ushort sequence, int payloadLength)
    {
        var packet = MakeIPv4(source, destination, Icmp, IcmpHeaderLength + payloadLength);
        MakeIcmp(8, identifier, sequence, payloadLength).CopyTo(packet, IpHeaderLength);
        return packet;
    }

    /// <summary>An IPv4 packet with a UDP datagram; without checksum, as RFC 768 allows.</summary>
    public static byte[] MakeIPv4Udp(IPAddress source, IPAddress destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        var packet = MakeIPv4(source, destination, Udp, UdpHeaderLength + payload.Length);
        var datagram = packet.AsSpan(IpHeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        payload.CopyTo(datagram[UdpHeaderLength..]);
        return packet;
    }

    private static byte[] MakeIPv4(IPAddress source, IPAddress destination, byte protocol, int payloadLength)
    {
        var packet = new byte[IpHeaderLength + payloadLength];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = protocol;
        source.TryWriteBytes(packet.AsSpan(12), out _);
        destination.TryWriteBytes(packet.AsSpan(16), out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, IpHeaderLength)));
        return packet;
    }

    // RFC 1071.
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
            sum += i + 1 < bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]) : (uint)bytes[i] << 8;
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
