namespace SubnetVpn.Core.Packets;

/// <summary>
/// How far one super-packet may multiply. Cutting repeats the headers in front of each segment, so that a peer that asks
/// for tiny segments behind long headers would have us write many times the bytes, and make many times the packets, that it
/// sent. With these limits it is at most 6.3 times the bytes. They are as wide as what Linux itself makes.
/// </summary>
internal static class OffloadLimits
{
    /// <summary>The smallest TCP segment: Linux' <c>TCP_MIN_GSO_SIZE</c>, the minimal MSS of 88 less 40 of options (<c>include/net/tcp.h</c>).</summary>
    public const int MinTcpSegmentSize = 48;

    /// <summary>The most datagrams of a UDP super-packet: Linux' <c>UDP_MAX_SEGMENTS</c> (<c>include/linux/udp.h</c>).</summary>
    public const int MaxUdpSegments = 128;

    /// <summary>The longest IP and transport headers together: those of IPv6 and TCP with all options are 100, the rest is for extension headers.</summary>
    public const int MaxHeaderLength = 256;

    /// <summary>The most segments of any valid super-packet.</summary>
    public const int MaxSegments = (PacketBuffer.MaxPacketLength + MinTcpSegmentSize - 1) / MinTcpSegmentSize;

    /// <summary>Linux' <c>GSO_BY_FRAGS</c>: not a size but a mark, which its own check of the header refuses.</summary>
    public const ushort ReservedSegmentSize = 0xFFFF;
}
