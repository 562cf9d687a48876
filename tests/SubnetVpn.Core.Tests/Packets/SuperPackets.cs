using System.Buffers.Binary;

namespace SubnetVpn.Core.Tests.Packets;

/// <summary>Builds packets as the kernel hands them over: the checksum field holds the sum of the pseudo header.</summary>
internal static class SuperPackets
{
    public static PacketBuffer Tcp(
        bool isIPv4, byte[] payload, ushort segmentSize, byte flags = 0x10, uint sequence = 1000, byte[]? tcpOptions = null, byte[]? ipOptions = null, ushort id = 1,
        params ExtensionHeader[] extensions)
    {
        var tcp = TestPackets.Tcp(40000, 443, payload, flags, sequence, tcpOptions);
        var packet = isIPv4 ? TestPackets.IPv4(6, tcp, ipOptions, id: id) : TestPackets.IPv6(6, tcp, extensions: extensions);
        var start = packet.Length - tcp.Length;
        var headerLength = packet.Length - payload.Length;
        return Finish(packet, 6, new PacketOffload(1, isIPv4 ? GsoType.TcpV4 : GsoType.TcpV6, (ushort)headerLength, segmentSize, (ushort)start, 16));
    }

    public static PacketBuffer Udp(bool isIPv4, byte[] payload, ushort segmentSize, ushort id = 1)
    {
        var udp = TestPackets.Udp(40000, 443, payload);
        var packet = isIPv4 ? TestPackets.IPv4(17, udp, id: id) : TestPackets.IPv6(17, udp);
        var start = packet.Length - udp.Length;
        return Finish(packet, 17, new PacketOffload(1, GsoType.Udp, (ushort)(start + 8), segmentSize, (ushort)start, 6));
    }

    /// <summary>A packet that only lacks its checksum.</summary>
    public static PacketBuffer WithoutChecksum(bool isIPv4, byte protocol, byte[] payload)
    {
        var buffer = protocol == 6 ? Tcp(isIPv4, payload, 100) : Udp(isIPv4, payload, 100);
        buffer.Offload = buffer.Offload with { GsoType = GsoType.None, SegmentSize = 0, HeaderLength = 0 };
        return buffer;
    }

    private static PacketBuffer Finish(byte[] packet, byte protocol, PacketOffload offload)
    {
        var sum = ReferenceChecksum.PseudoHeader(packet, protocol, packet.Length - offload.ChecksumStart);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(offload.ChecksumStart + offload.ChecksumOffset), sum);
        var buffer = new PacketBuffer(packet.Length);
        buffer.Set(packet);
        buffer.Offload = offload;
        return buffer;
    }
}
