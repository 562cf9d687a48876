using System.Buffers.Binary;
using System.Net;

namespace SubnetVpn.Core.Tests.Packets;

/// <summary>Builds packets the plain way, with nothing of the code under test.</summary>
internal static class TestPackets
{
    public const string V4A = "10.0.0.1";
    public const string V4B = "10.0.0.2";
    public const string V6A = "fd00::1";
    public const string V6B = "fd00::2";

    public static byte[] IPv4(
        byte protocol, byte[] payload, byte[]? options = null, int fragmentOffset = 0, bool more = false, ushort id = 1,
        string source = V4A, string destination = V4B)
    {
        options ??= [];
        var headerLength = 20 + options.Length;
        var packet = new byte[headerLength + payload.Length];
        packet[0] = (byte)(0x40 | (headerLength / 4));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)((fragmentOffset / 8) | (more ? 0x2000 : 0)));
        packet[8] = 64;
        packet[9] = protocol;
        IPAddress.Parse(source).GetAddressBytes().CopyTo(packet, 12);
        IPAddress.Parse(destination).GetAddressBytes().CopyTo(packet, 16);
        options.CopyTo(packet, 20);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~ReferenceChecksum.Sum(packet.AsSpan(0, headerLength)));
        payload.CopyTo(packet, headerLength);
        return packet;
    }

    public static byte[] IPv6(byte protocol, byte[] payload, string source = V6A, string destination = V6B, params ExtensionHeader[] extensions)
    {
        var packet = new List<byte>(new byte[40]);
        packet[0] = 0x60;
        packet[6] = extensions.Length > 0 ? extensions[0].Type : protocol;
        packet[7] = 64;
        for (var index = 0; index < extensions.Length; index++)
        {
            packet.Add(index + 1 < extensions.Length ? extensions[index + 1].Type : protocol);
            packet.AddRange(extensions[index].Rest);
        }
        packet.AddRange(payload);
        var bytes = packet.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)(bytes.Length - 40));
        IPAddress.Parse(source).GetAddressBytes().CopyTo(bytes, 8);
        IPAddress.Parse(destination).GetAddressBytes().CopyTo(bytes, 24);
        return bytes;
    }

    /// <summary>A TCP segment without a checksum.</summary>
    public static byte[] Tcp(ushort source, ushort destination, byte[]? payload = null, byte flags = 0x10, uint sequence = 1000, byte[]? options = null)
    {
        options ??= [];
        payload ??= [];
        var segment = new byte[20 + options.Length + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, source);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), 5000);
        segment[12] = (byte)((20 + options.Length) / 4 << 4);
        segment[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 8192);
        options.CopyTo(segment, 20);
        payload.CopyTo(segment, 20 + options.Length);
        return segment;
    }

    /// <summary>A UDP datagram without a checksum.</summary>
    public static byte[] Udp(ushort source, ushort destination, byte[]? payload = null)
    {
        payload ??= [];
        var datagram = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, source);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram, 8);
        return datagram;
    }

    public static byte[] RandomBytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>One of every shape that parses.</summary>
    public static IReadOnlyList<byte[]> Valid { get; } =
    [
        IPv4(6, Tcp(1234, 443, RandomBytes(100, 1))),
        IPv4(17, Udp(5353, 53, RandomBytes(30, 2)), options: [7, 7, 4, 0, 0, 0, 0, 0]),
        IPv4(1, [8, 0, 0, 0, 0, 1, 0, 1]),
        IPv4(17, Udp(9, 10, RandomBytes(40, 3)), more: true),
        IPv4(17, RandomBytes(48, 4), fragmentOffset: 1480),
        IPv6(6, Tcp(1234, 443, RandomBytes(100, 5))),
        IPv6(17, Udp(5353, 53), extensions: [ExtensionHeader.HopByHop(), ExtensionHeader.DestinationOptions(1), ExtensionHeader.Routing()]),
        IPv6(58, [128, 0, 0, 0, 0, 1, 0, 1]),
        IPv6(6, Tcp(1, 2), extensions: [ExtensionHeader.Authentication()]),
        IPv6(17, Udp(9, 10, RandomBytes(40, 6)), extensions: [ExtensionHeader.Fragment(0, more: true)]),
        IPv6(17, RandomBytes(48, 7), extensions: [ExtensionHeader.HopByHop(), ExtensionHeader.Fragment(1480, more: false)]),
        IPv6(50, RandomBytes(24, 8)),
        IPv6(59, []),
    ];
}
