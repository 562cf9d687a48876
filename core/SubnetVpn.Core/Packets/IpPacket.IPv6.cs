using System.Buffers.Binary;

namespace SubnetVpn.Core.Packets;

internal static partial class IpPacket
{
    /// <summary>
    /// More extension headers than this are malformed. RFC 8200 (section 4.1) lets each of the five that are walked here
    /// occur once, and destination options twice: six.
    /// </summary>
    private const int MaxExtensionHeaders = 6;

    private static bool TryParseIPv6(ReadOnlySpan<byte> packet, out PacketInfo info)
    {
        info = default;
        // No jumbograms (RFC 2675): their payload length is 0, which then is not that of the packet.
        if (packet.Length < IPv6Header.Length
            || BinaryPrimitives.ReadUInt16BigEndian(packet[IPv6Header.PayloadLength..]) != packet.Length - IPv6Header.Length)
            return false;
        var source = VirtualIp.FromBytes(packet.Slice(IPv6Header.Source, 16));
        var destination = VirtualIp.FromBytes(packet.Slice(IPv6Header.Destination, 16));
        if (source.IsIPv4 || destination.IsIPv4)
            return false;

        var protocol = packet[IPv6Header.NextHeader];
        var offset = IPv6Header.Length;
        int fragmentOffset = -1;
        byte fragmentProtocol = 0;
        for (var headers = 0; IsWalked(protocol); headers++)
        {
            var rest = packet[offset..];
            // Every extension header is at least 8 bytes and tells its length in the first two.
            if (headers == MaxExtensionHeaders || rest.Length < 8)
                return false;
            int length;
            switch (protocol)
            {
                // Only directly after the IPv6 header (RFC 8200, section 4.1).
                case IpProtocol.HopByHop when headers > 0:
                    return false;
                // Segments left: the packet goes on to somewhere else than its destination.
                case IpProtocol.Routing when rest[3] != 0:
                    return false;
                case IpProtocol.Fragment when fragmentOffset >= 0:
                    return false;
                case IpProtocol.Fragment:
                    fragmentProtocol = rest[0];
                    fragmentOffset = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) & 0xFFF8;
                    length = 8;
                    // The datagram without its fragment header must be no larger than a payload length can say.
                    if (fragmentOffset + packet.Length - IPv6Header.Length - length > MaxDatagramLength)
                        return false;
                    break;
                case IpProtocol.Authentication:
                    length = (rest[1] + 2) * 4;
                    break;
                default:
                    length = (rest[1] + 1) * 8;
                    break;
            }
            if (length > rest.Length)
                return false;
            protocol = rest[0];
            offset += length;
            if (fragmentOffset > 0)
                break;
        }
        info = fragmentOffset >= 0
            ? Fragment(source, destination, fragmentProtocol, protocol, offset, fragmentOffset, packet)
            : Whole(source, destination, protocol, offset, packet);
        return true;
    }

    /// <summary>The extension headers that are skipped. ESP hides what follows, and no-next-header says that nothing does.</summary>
    private static bool IsWalked(byte protocol) => protocol
        is IpProtocol.HopByHop or IpProtocol.Routing or IpProtocol.Fragment or IpProtocol.Authentication or IpProtocol.DestinationOptions;
}
