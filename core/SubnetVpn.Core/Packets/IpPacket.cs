using System.Buffers.Binary;

namespace SubnetVpn.Core.Packets;

/// <summary>
/// Reads the headers of IP packets. Nothing is trusted: whatever the bytes, it returns, in bounded time, without
/// allocating and without reading past the end.
/// </summary>
/// <remarks>
/// Besides what contradicts itself, two kinds of packet count as malformed, because the destination that the headers
/// show, and that everything after this checks, is not the one that would be reached: source-routed ones (IPv4 loose and
/// strict source route, RFC 7126 section 4.3 and 4.4; IPv6 routing headers with segments left, RFC 5095) and IPv6
/// packets with an IPv4-mapped address, which would pass for IPv4 (RFC 4942, section 2.2).
/// </remarks>
internal static partial class IpPacket
{
    /// <summary>The largest datagram that fragments may add up to.</summary>
    private const int MaxDatagramLength = 65_535;

    /// <summary>Reads a packet whose length is exactly that of the span; false when it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out PacketInfo info)
    {
        info = default;
        if (packet.IsEmpty)
            return false;
        return (packet[0] >> 4) switch
        {
            4 => TryParseIPv4(packet, out info),
            6 => TryParseIPv6(packet, out info),
            _ => false,
        };
    }

    /// <summary>The key of a fragment has no ports, and the protocol that all fragments of the datagram name alike.</summary>
    private static PacketInfo Fragment(
        VirtualIp source, VirtualIp destination, byte keyProtocol, byte protocol, int transportOffset, int fragmentOffset, ReadOnlySpan<byte> packet)
    {
        ushort sourcePort = 0, destinationPort = 0;
        var hasPorts = fragmentOffset == 0 && TryReadPorts(packet, protocol, transportOffset, out sourcePort, out destinationPort);
        return new PacketInfo
        {
            Key = new ConnectionKey(source, destination, keyProtocol, isFragment: true),
            Protocol = protocol,
            TransportOffset = transportOffset,
            IsFragment = true,
            FragmentOffset = fragmentOffset,
            FragmentsExtensionHeader = !source.IsIPv4 && IpProtocol.IsExtensionHeader(keyProtocol),
            HasPorts = hasPorts,
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
        };
    }

    private static PacketInfo Whole(VirtualIp source, VirtualIp destination, byte protocol, int transportOffset, ReadOnlySpan<byte> packet)
    {
        var hasPorts = TryReadPorts(packet, protocol, transportOffset, out var sourcePort, out var destinationPort);
        return new PacketInfo
        {
            Key = new ConnectionKey(source, destination, protocol, sourcePort, destinationPort),
            Protocol = protocol,
            TransportOffset = transportOffset,
            TransportHeaderLength = ReadTransportHeaderLength(packet[transportOffset..], protocol),
            HasPorts = hasPorts,
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
        };
    }

    private static bool TryReadPorts(ReadOnlySpan<byte> packet, byte protocol, int offset, out ushort source, out ushort destination)
    {
        source = destination = 0;
        if (!IpProtocol.HasPorts(protocol) || packet.Length - offset < 4)
            return false;
        source = BinaryPrimitives.ReadUInt16BigEndian(packet[offset..]);
        destination = BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]);
        return true;
    }

    private static int ReadTransportHeaderLength(ReadOnlySpan<byte> transport, byte protocol)
    {
        if (protocol == IpProtocol.Udp)
            return transport.Length >= UdpHeader.Length ? UdpHeader.Length : 0;
        if (protocol != IpProtocol.Tcp || transport.Length < TcpHeader.MinLength)
            return 0;
        var length = (transport[TcpHeader.DataOffset] >> 4) * 4;
        return length >= TcpHeader.MinLength && length <= transport.Length ? length : 0;
    }
}
