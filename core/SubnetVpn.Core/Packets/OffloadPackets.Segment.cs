using System.Buffers.Binary;

namespace SubnetVpn.Core.Packets;

internal static partial class OffloadPackets
{
    /// <summary>
    /// Cuts a super-packet into complete packets, as the kernel would have: software GSO for receivers whose TUN device
    /// takes none, and for the original wire format.
    /// </summary>
    /// <param name="superPacket">The super-packet. It stays the caller's and is not changed.</param>
    /// <param name="info">What <see cref="IpPacket"/> read from it.</param>
    /// <param name="pool">Lends the segments' buffers.</param>
    /// <param name="output">Gets the segments, which become the caller's; room for <see cref="SegmentCount"/>.</param>
    /// <returns>How many segments there are; 0 when the packet cannot be cut, which one that <see cref="TryValidate"/> accepted always can.</returns>
    /// <exception cref="ArgumentException">There are more segments than fit the output, or the packet is not to be cut.</exception>
    public static int Segment(PacketBuffer superPacket, in PacketInfo info, IPacketPool pool, Span<PacketBuffer> output)
    {
        var offload = superPacket.Offload;
        if (!offload.IsSegmented)
            throw new ArgumentException("The packet is not to be cut.", nameof(superPacket));
        var packet = superPacket.Span;
        var count = SegmentCount(offload, packet.Length, info);
        if (count > output.Length)
            throw new ArgumentException($"{count} segments do not fit.", nameof(output));

        var headerLength = info.TransportOffset + info.TransportHeaderLength;
        var header = packet[..headerLength];
        var addresses = AddressSum(header);
        for (var index = 0; index < count; index++)
        {
            var payloadOffset = index * offload.SegmentSize;
            var payload = packet[(headerLength + payloadOffset)..];
            if (payload.Length > offload.SegmentSize)
                payload = payload[..offload.SegmentSize];

            var segment = pool.Rent(headerLength + payload.Length);
            segment.SetLength(headerLength + payload.Length);
            segment.Tag = superPacket.Tag;
            var content = segment.Span;
            header.CopyTo(content);
            payload.CopyTo(content[headerLength..]);
            WriteIpHeader(content, index);
            WriteTransportHeader(content[info.TransportOffset..], info.Protocol, addresses, payloadOffset, isFirst: index == 0, isLast: index == count - 1);
            output[index] = segment;
        }
        return count;
    }

    /// <summary>The sum of the addresses of an IP header, which is part of that of the pseudo header.</summary>
    internal static uint AddressSum(ReadOnlySpan<byte> header) => (header[0] >> 4) == 4
        ? InternetChecksum.Sum(header.Slice(IPv4Header.Source, 8))
        : InternetChecksum.Sum(header.Slice(IPv6Header.Source, 32));

    /// <summary>Writes what the length of a packet decides in its IP header: the length, and in IPv4 the identification, as many on as said, and the checksum.</summary>
    internal static void WriteIpHeader(Span<byte> packet, int index)
    {
        if (packet[0] >> 4 == 6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[IPv6Header.PayloadLength..], (ushort)(packet.Length - IPv6Header.Length));
            return;
        }
        BinaryPrimitives.WriteUInt16BigEndian(packet[IPv4Header.TotalLength..], (ushort)packet.Length);
        // Each segment is a datagram of its own, which may be fragmented on the way.
        var identification = BinaryPrimitives.ReadUInt16BigEndian(packet[IPv4Header.Identification..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[IPv4Header.Identification..], (ushort)(identification + index));
        BinaryPrimitives.WriteUInt16BigEndian(packet[IPv4Header.Checksum..], 0);
        var checksum = InternetChecksum.Fold(InternetChecksum.Sum(packet[..((packet[0] & 0x0F) * 4)]));
        BinaryPrimitives.WriteUInt16BigEndian(packet[IPv4Header.Checksum..], checksum);
    }

    private static void WriteTransportHeader(Span<byte> transport, byte protocol, uint addresses, int payloadOffset, bool isFirst, bool isLast)
    {
        int checksumOffset;
        if (protocol == IpProtocol.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[UdpHeader.LengthField..], (ushort)transport.Length);
            checksumOffset = UdpHeader.Checksum;
        }
        else
        {
            var sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[TcpHeader.Sequence..]);
            BinaryPrimitives.WriteUInt32BigEndian(transport[TcpHeader.Sequence..], sequence + (uint)payloadOffset);
            // The stream ends, and is to be handed on, behind the last byte only; the window was reduced once (RFC 3168, section 6.1.2).
            if (!isLast)
                transport[TcpHeader.Flags] &= unchecked((byte)~(TcpHeader.Fin | TcpHeader.Psh));
            if (!isFirst)
                transport[TcpHeader.Flags] &= unchecked((byte)~TcpHeader.Cwr);
            checksumOffset = TcpHeader.Checksum;
        }
        BinaryPrimitives.WriteUInt16BigEndian(transport[checksumOffset..], 0);
        var sum = InternetChecksum.Sum(transport, addresses + protocol + (uint)transport.Length);
        BinaryPrimitives.WriteUInt16BigEndian(transport[checksumOffset..], NonZero(InternetChecksum.Fold(sum)));
    }
}
