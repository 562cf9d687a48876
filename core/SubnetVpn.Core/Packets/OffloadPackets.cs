using System.Buffers.Binary;

namespace SubnetVpn.Core.Packets;

/// <summary>
/// What stands between packets that the kernel left unfinished and those that are complete: checks the offload header of a
/// packet, fills in checksums, cuts super-packets.
/// </summary>
internal static partial class OffloadPackets
{
    private const byte KnownFlags = PacketOffload.NeedsChecksumFlag | PacketOffload.DataValidFlag;

    /// <summary>
    /// Whether an offload header fits its packet. Headers come from peers and are written to the kernel: a field that is
    /// not exactly what Linux would have written is refused, rather than left to the kernel to judge.
    /// </summary>
    /// <param name="offload">The header.</param>
    /// <param name="info">What <see cref="IpPacket"/> read from the packet.</param>
    /// <param name="packet">The packet.</param>
    public static bool TryValidate(in PacketOffload offload, in PacketInfo info, ReadOnlySpan<byte> packet)
    {
        if ((offload.Flags & ~KnownFlags) != 0 || offload.HeaderLength > packet.Length)
            return false;
        if (!offload.IsSegmented && offload.SegmentSize != 0)
            return false;
        if (offload.NeedsChecksum ? !IsChecksumPlaceValid(offload, info) : (offload.ChecksumStart | offload.ChecksumOffset) != 0)
            return false;
        return !offload.IsSegmented || IsSegmentationValid(offload, info, packet);
    }

    /// <summary>
    /// Fills in the checksum of a packet that is not to be cut, and clears its <see cref="PacketBuffer.Offload"/>; the field
    /// holds the sum of the pseudo header so far, as the kernel left it.
    /// </summary>
    /// <returns>False when the place of the checksum is not in the packet; nothing is changed then.</returns>
    /// <exception cref="InvalidOperationException">The packet is to be cut: the caller's mistake.</exception>
    public static bool TryCompleteChecksum(PacketBuffer packet)
    {
        var offload = packet.Offload;
        if (offload.IsSegmented)
            throw new InvalidOperationException("A super-packet has no checksum to complete; it is to be cut.");
        if (offload.NeedsChecksum)
        {
            var content = packet.Span;
            var place = offload.ChecksumStart + offload.ChecksumOffset;
            if (place + 2 > content.Length)
                return false;
            var checksum = InternetChecksum.Fold(InternetChecksum.Sum(content[offload.ChecksumStart..]));
            BinaryPrimitives.WriteUInt16BigEndian(content[place..], NonZero(checksum));
        }
        packet.Offload = default;
        return true;
    }

    /// <summary>
    /// How many segments a super-packet stands for; 1 for a packet that is not to be cut, and 0 for one that cannot be.
    /// At most <see cref="OffloadLimits.MaxSegments"/> when <see cref="TryValidate"/> accepted the header.
    /// </summary>
    /// <param name="offload">The header.</param>
    /// <param name="packetLength">Length of the packet in bytes.</param>
    /// <param name="info">What <see cref="IpPacket"/> read from the packet.</param>
    public static int SegmentCount(in PacketOffload offload, int packetLength, in PacketInfo info)
    {
        if (!offload.IsSegmented)
            return 1;
        // A TUN device's word is not checked on the way out, so that this must not fail whatever it is.
        if (offload.SegmentSize == 0 || info.TransportHeaderLength == 0)
            return 0;
        var payload = packetLength - info.TransportOffset - info.TransportHeaderLength;
        return (payload + offload.SegmentSize - 1) / offload.SegmentSize;
    }

    /// <summary>An array that holds the segments of a super-packet: the one that is kept, or a larger one, which is kept from then on.</summary>
    public static PacketBuffer[] RoomForSegments(ref PacketBuffer[] kept, PacketBuffer superPacket, in PacketInfo info)
    {
        var count = SegmentCount(superPacket.Offload, superPacket.Length, info);
        if (kept.Length < count)
            kept = new PacketBuffer[count];
        return kept;
    }

    // The checksummed bytes begin at the transport header, which a later fragment has not, and a first one not with all of its payload.
    private static bool IsChecksumPlaceValid(in PacketOffload offload, in PacketInfo info)
    {
        if (info.IsFragment || info.TransportHeaderLength == 0 || offload.ChecksumStart != info.TransportOffset)
            return false;
        return offload.ChecksumOffset == (info.Protocol == IpProtocol.Tcp ? TcpHeader.Checksum : UdpHeader.Checksum);
    }

    private static bool IsSegmentationValid(in PacketOffload offload, in PacketInfo info, ReadOnlySpan<byte> packet)
    {
        var isIPv4 = info.Source.IsIPv4;
        var fits = offload.GsoType switch
        {
            GsoType.TcpV4 or GsoType.TcpV4Ecn => isIPv4 && info.Protocol == IpProtocol.Tcp,
            GsoType.TcpV6 or GsoType.TcpV6Ecn => !isIPv4 && info.Protocol == IpProtocol.Tcp,
            GsoType.Udp => info.Protocol == IpProtocol.Udp,
            _ => false,
        };
        // That a transport header is there and whole was checked with the checksum, which every super-packet needs.
        var headerLength = info.TransportOffset + info.TransportHeaderLength;
        if (!fits || !offload.NeedsChecksum || headerLength > OffloadLimits.MaxHeaderLength || headerLength == packet.Length)
            return false;
        // The kernel's length is that of the part that is contiguous in its memory, so it may reach into the payload.
        if (offload.HeaderLength != 0 && offload.HeaderLength < headerLength)
            return false;
        var transport = packet[info.TransportOffset..];
        if (info.Protocol == IpProtocol.Udp)
            return offload.SegmentSize is > 0 and < OffloadLimits.ReservedSegmentSize
                && BinaryPrimitives.ReadUInt16BigEndian(transport[UdpHeader.LengthField..]) == transport.Length
                && SegmentCount(offload, packet.Length, info) <= OffloadLimits.MaxUdpSegments;
        // A segment that opens or resets a connection is never part of a super-packet, and would be repeated.
        return offload.SegmentSize is >= OffloadLimits.MinTcpSegmentSize and < OffloadLimits.ReservedSegmentSize
            && (transport[TcpHeader.Flags] & (TcpHeader.Syn | TcpHeader.Rst)) == 0;
    }

    /// <summary>In UDP a checksum of 0 means that there is none; 0xFFFF is the same number (RFC 768). For TCP both will do.</summary>
    private static ushort NonZero(ushort checksum) => checksum == 0 ? ushort.MaxValue : checksum;
}
