using System.Buffers.Binary;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>ICMP echo messages (RFC 792), without IP header.</summary>
internal static class IcmpEcho
{
    public static byte[] Request(ushort sequence, int payloadLength)
    {
        var message = new byte[8 + payloadLength];
        Random.Shared.NextBytes(message.AsSpan(8));
        message[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), sequence);
        uint sum = 0;
        for (var i = 0; i < message.Length; i++)
            sum += (i & 1) == 0 ? (uint)message[i] << 8 : message[i];
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)~sum);
        return message;
    }

    public static bool IsReplyTo(ushort sequence, ReadOnlySpan<byte> message) =>
        message.Length >= 8 && message[0] == 0 && BinaryPrimitives.ReadUInt16BigEndian(message[6..]) == sequence;
}
