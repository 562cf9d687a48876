using System.Buffers.Binary;

namespace SubnetVpn.Tun.Memory.Echo;

/// <summary>
/// Turns an echo request into its answer, in place. Swapping addresses and ports leaves every checksum as it was: they are
/// sums. Only the ICMP type changes one.
/// </summary>
internal static class EchoPacket
{
    // Assigned internet protocol numbers; RFC 792, RFC 4443 sections 4.1 and 4.2; RFC 862.
    private const byte Icmp = 1;
    private const byte Udp = 17;
    private const byte IcmpV6 = 58;
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;
    private const byte EchoRequestV6 = 128;
    private const byte EchoReplyV6 = 129;
    private const ushort EchoPort = 7;

    private const int IPv6HeaderLength = 40;

    /// <summary>Turns a packet round.</summary>
    /// <param name="packet">An IPv4 or IPv6 packet of at least the length of its fixed header.</param>
    /// <param name="isUnfinished">Whether its transport checksum is still to be completed.</param>
    /// <param name="answeredBy">The address that was asked.</param>
    /// <returns>False when it asks for no echo: then it is unchanged. Fragments and extension headers are not looked into.</returns>
    public static bool TryTurn(Span<byte> packet, bool isUnfinished, out VirtualIp answeredBy)
    {
        answeredBy = default;
        var isIPv4 = packet[0] >> 4 == 4;
        var headerLength = isIPv4 ? (packet[0] & 0xF) * 4 : IPv6HeaderLength;
        // More fragments, or an offset.
        if (headerLength < 20 || packet.Length < headerLength + 8 || (isIPv4 && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) != 0))
            return false;
        var transport = packet[headerLength..];
        var isTurned = packet[isIPv4 ? 9 : 6] switch
        {
            Icmp when isIPv4 => TryTurnIcmp(transport, EchoRequest, EchoReply, isUnfinished),
            IcmpV6 when !isIPv4 => TryTurnIcmp(transport, EchoRequestV6, EchoReplyV6, isUnfinished),
            Udp => TryTurnUdp(transport),
            _ => false,
        };
        if (!isTurned)
            return false;

        var (source, length) = isIPv4 ? (12, 4) : (8, 16);
        answeredBy = VirtualIp.FromBytes(packet.Slice(source + length, length));
        Swap(packet.Slice(source, length), packet.Slice(source + length, length));
        return true;
    }

    private static bool TryTurnIcmp(Span<byte> message, byte request, byte reply, bool isUnfinished)
    {
        if (message[0] != request || message[1] != 0)
            return false;
        message[0] = reply;
        if (isUnfinished)
            return true;
        // RFC 1624, equation 3: HC' = ~(~HC + ~m + m').
        var sum = (uint)(ushort)~BinaryPrimitives.ReadUInt16BigEndian(message[2..]) + (ushort)~(request << 8) + (uint)(reply << 8);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)~sum);
        return true;
    }

    private static bool TryTurnUdp(Span<byte> datagram)
    {
        // From port 7 it would go to and fro for ever.
        if (BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != EchoPort || BinaryPrimitives.ReadUInt16BigEndian(datagram) == EchoPort)
            return false;
        Swap(datagram[..2], datagram[2..4]);
        return true;
    }

    private static void Swap(Span<byte> left, Span<byte> right)
    {
        for (var i = 0; i < left.Length; i++)
            (left[i], right[i]) = (right[i], left[i]);
    }
}
