using System.Buffers.Binary;

namespace SubnetVpn.Core.Packets;

internal static partial class IpPacket
{
    // The options that are told apart (RFC 791, section 3.1).
    private const byte EndOfOptions = 0;
    private const byte NoOperation = 1;
    private const byte LooseSourceRoute = 131;
    private const byte StrictSourceRoute = 137;

    private static bool TryParseIPv4(ReadOnlySpan<byte> packet, out PacketInfo info)
    {
        info = default;
        if (packet.Length < IPv4Header.MinLength)
            return false;
        var headerLength = (packet[0] & 0x0F) * 4;
        if (headerLength < IPv4Header.MinLength || headerLength > packet.Length)
            return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(packet[IPv4Header.TotalLength..]) != packet.Length)
            return false;
        if (headerLength > IPv4Header.MinLength && !AreOptionsAcceptable(packet[IPv4Header.MinLength..headerLength]))
            return false;

        var source = VirtualIp.FromBytes(packet.Slice(IPv4Header.Source, 4));
        var destination = VirtualIp.FromBytes(packet.Slice(IPv4Header.Destination, 4));
        var protocol = packet[IPv4Header.Protocol];
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[IPv4Header.FlagsAndFragmentOffset..]);
        if ((fragment & (IPv4Header.MoreFragments | IPv4Header.FragmentOffsetMask)) == 0)
        {
            info = Whole(source, destination, protocol, headerLength, packet);
            return true;
        }

        var fragmentOffset = (fragment & IPv4Header.FragmentOffsetMask) * 8;
        if (fragmentOffset + packet.Length > MaxDatagramLength)
            return false;
        info = Fragment(source, destination, protocol, protocol, headerLength, fragmentOffset, packet);
        return true;
    }

    private static bool AreOptionsAcceptable(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty && options[0] != EndOfOptions)
        {
            if (options[0] == NoOperation)
            {
                options = options[1..];
                continue;
            }
            if (options[0] is LooseSourceRoute or StrictSourceRoute)
                return false;
            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
                return false;
            options = options[options[1]..];
        }
        return true;
    }
}
