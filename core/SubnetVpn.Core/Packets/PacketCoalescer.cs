using System.Buffers.Binary;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Packets;

/// <summary>
/// Joins packets of one flow that directly follow each other to a super-packet: generic receive offload, the reverse of
/// <see cref="OffloadPackets.Segment"/>. The TUN device takes it with one system call, and the kernel with one walk through its layers.
/// One per stream; not thread-safe.
/// </summary>
/// <remarks>
/// Joined is only what the kernel cuts into the very same packets again, but for the identification of IPv4, which it counts on from
/// the first. It also computes their checksums again, so a checksum that is complete is verified before: what was damaged on its way
/// must not pass for intact.
/// </remarks>
/// <param name="pool">Lends the buffers of super-packets.</param>
/// <param name="device">What the TUN device takes: it is only joined what that can cut.</param>
internal sealed class PacketCoalescer(IPacketPool pool, TunCapabilities device)
{
    // Linux' UDP_MAX_SEGMENTS before 6.10.
    private const int MaxSegments = 64;

    private readonly bool _takesTcpV4 = device.HasFlag(TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation);
    private readonly bool _takesTcpV6 = device.HasFlag(TunCapabilities.Checksum | TunCapabilities.TcpV6Segmentation);
    private readonly bool _takesUdp = device.HasFlag(TunCapabilities.Checksum | TunCapabilities.UdpSegmentation);
    private PacketBuffer? _joined;
    private bool _isOpen;
    private bool _isTcp;
    private int _transportOffset;
    private int _headerLength;
    private int _segmentSize;
    private int _segments;
    private uint _nextSequence;

    /// <summary>The packet is the one that following packets may be joined to. What was joined before is finished.</summary>
    public void Begin(PacketBuffer packet, in PacketInfo info)
    {
        Finish();
        _isOpen = IsCandidate(packet, info);
        if (!_isOpen)
            return;
        _isTcp = info.Protocol == IpProtocol.Tcp;
        (_transportOffset, _headerLength) = (info.TransportOffset, info.TransportOffset + info.TransportHeaderLength);
        _segmentSize = packet.Length - _headerLength;
        _segments = 1;
        if (!_isTcp)
            return;
        var tcp = packet.Span[_transportOffset..];
        _nextSequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[TcpHeader.Sequence..]) + (uint)_segmentSize;
        _isOpen = (tcp[TcpHeader.Flags] & TcpHeader.Psh) == 0 && _segmentSize >= OffloadLimits.MinTcpSegmentSize;
    }

    /// <summary>Joins a packet to the one that <see cref="Begin"/> was called with, if it continues that.</summary>
    /// <param name="first">That one, or what has become of it; replaced, and given back, when the packet is the first that is joined.</param>
    /// <param name="next">The packet; given back when it was joined.</param>
    /// <param name="info">What <see cref="IpPacket"/> read from it.</param>
    /// <returns>Whether it was joined. Else nothing has changed.</returns>
    public bool TryJoin(ref PacketBuffer first, PacketBuffer next, in PacketInfo info)
    {
        if (!_isOpen || !IsCandidate(next, info) || !Continues(first.Span, next.Span, info))
            return false;
        if (!IsIntact(next) || (_joined is null && !IsIntact(first)))
            return false;
        if (_joined is null)
        {
            _joined = pool.Rent(PacketBuffer.MaxPacketLength);
            _joined.Set(first.Span);
            _joined.Tag = first.Tag;
            first.Release();
            first = _joined;
        }
        var payload = next.Span[_headerLength..];
        var length = _joined.Length;
        _joined.SetLength(length + payload.Length);
        payload.CopyTo(_joined.Span[length..]);
        var isLast = payload.Length < _segmentSize || ++_segments == MaxSegments;
        if (_isTcp)
        {
            _nextSequence += (uint)payload.Length;
            var push = (byte)(next.Span[_transportOffset + TcpHeader.Flags] & TcpHeader.Psh);
            _joined.Span[_transportOffset + TcpHeader.Flags] |= push;
            isLast |= push != 0;
        }
        _isOpen = !isLast;
        next.Release();
        return true;
    }

    /// <summary>Nothing more is joined: completes the headers, if anything was.</summary>
    public void Finish()
    {
        _isOpen = false;
        if (_joined is not { } joined)
            return;
        _joined = null;
        var packet = joined.Span;
        var transport = packet[_transportOffset..];
        OffloadPackets.WriteIpHeader(packet, index: 0);
        if (!_isTcp)
            BinaryPrimitives.WriteUInt16BigEndian(transport[UdpHeader.LengthField..], (ushort)transport.Length);
        var checksum = _isTcp ? TcpHeader.Checksum : UdpHeader.Checksum;
        BinaryPrimitives.WriteUInt16BigEndian(transport[checksum..], (ushort)~InternetChecksum.Fold(PseudoHeader(packet)));
        var type = !_isTcp ? GsoType.Udp : _transportOffset == IPv4Header.MinLength ? GsoType.TcpV4 : GsoType.TcpV6;
        joined.Offload = new PacketOffload(
            PacketOffload.NeedsChecksumFlag, type, (ushort)_headerLength, (ushort)_segmentSize, (ushort)_transportOffset, (ushort)checksum);
    }

    // Whether it may be part of a super-packet at all: data, with plain headers.
    private bool IsCandidate(PacketBuffer packet, in PacketInfo info)
    {
        var isIPv4 = info.Source.IsIPv4;
        var payload = packet.Length - info.TransportOffset - info.TransportHeaderLength;
        if (packet.Offload.IsSegmented || info.IsFragment || info.TransportHeaderLength == 0 || payload <= 0
            || info.TransportOffset != (isIPv4 ? IPv4Header.MinLength : IPv6Header.Length))
            return false;
        var transport = packet.Span[info.TransportOffset..];
        return info.Protocol switch
        {
            IpProtocol.Tcp => (isIPv4 ? _takesTcpV4 : _takesTcpV6) && (transport[TcpHeader.Flags] & ~TcpHeader.Psh) == TcpHeader.Ack,
            // A datagram without a checksum would get one.
            IpProtocol.Udp => _takesUdp
                && BinaryPrimitives.ReadUInt16BigEndian(transport[UdpHeader.LengthField..]) == transport.Length
                && (packet.Offload.NeedsChecksum || BinaryPrimitives.ReadUInt16BigEndian(transport[UdpHeader.Checksum..]) != 0),
            _ => false,
        };
    }

    private bool Continues(ReadOnlySpan<byte> first, ReadOnlySpan<byte> next, in PacketInfo info)
    {
        var payload = next.Length - _headerLength;
        if (info.TransportOffset != _transportOffset || info.TransportOffset + info.TransportHeaderLength != _headerLength
            || payload > _segmentSize || first.Length + payload > PacketBuffer.MaxPacketLength || !HaveSameAddresses(first, next))
            return false;
        var before = first[_transportOffset..];
        var after = next[_transportOffset..];
        if (!_isTcp)
            return before[..UdpHeader.LengthField].SequenceEqual(after[..UdpHeader.LengthField]);
        return BinaryPrimitives.ReadUInt32BigEndian(after[TcpHeader.Sequence..]) == _nextSequence
            && before[..TcpHeader.Sequence].SequenceEqual(after[..TcpHeader.Sequence])
            && before[TcpHeader.Acknowledgment..TcpHeader.Flags].SequenceEqual(after[TcpHeader.Acknowledgment..TcpHeader.Flags])
            && before[TcpHeader.Window..TcpHeader.Checksum].SequenceEqual(after[TcpHeader.Window..TcpHeader.Checksum])
            && before[TcpHeader.UrgentPointer..(_headerLength - _transportOffset)].SequenceEqual(after[TcpHeader.UrgentPointer..(_headerLength - _transportOffset)]);
    }

    // All of the IP header but the length, and in IPv4 the identification and the checksum.
    private bool HaveSameAddresses(ReadOnlySpan<byte> first, ReadOnlySpan<byte> next) => _transportOffset == IPv4Header.MinLength
        ? first[..IPv4Header.TotalLength].SequenceEqual(next[..IPv4Header.TotalLength])
            && first[IPv4Header.FlagsAndFragmentOffset..IPv4Header.Checksum].SequenceEqual(next[IPv4Header.FlagsAndFragmentOffset..IPv4Header.Checksum])
            && first[IPv4Header.Source..IPv4Header.MinLength].SequenceEqual(next[IPv4Header.Source..IPv4Header.MinLength])
        : first[..IPv6Header.PayloadLength].SequenceEqual(next[..IPv6Header.PayloadLength])
            && first[IPv6Header.NextHeader..IPv6Header.Length].SequenceEqual(next[IPv6Header.NextHeader..IPv6Header.Length]);

    private bool IsIntact(PacketBuffer packet)
    {
        var bytes = packet.Span;
        if (_transportOffset == IPv4Header.MinLength && InternetChecksum.Fold(InternetChecksum.Sum(bytes[..IPv4Header.MinLength])) != 0)
            return false;
        return packet.Offload.NeedsChecksum || InternetChecksum.Fold(InternetChecksum.Sum(bytes[_transportOffset..], PseudoHeader(bytes))) == 0;
    }

    private uint PseudoHeader(ReadOnlySpan<byte> packet) =>
        OffloadPackets.AddressSum(packet) + (_isTcp ? IpProtocol.Tcp : IpProtocol.Udp) + (uint)(packet.Length - _transportOffset);
}
