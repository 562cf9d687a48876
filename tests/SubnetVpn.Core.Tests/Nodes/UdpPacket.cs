using System.Buffers.Binary;
using SubnetVpn.Core.Tests.Packets;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>UDP packets with a number in them.</summary>
internal static class UdpPacket
{
    public static byte[] Make(VirtualIp source, VirtualIp destination, ushort sourcePort, ushort destinationPort, int number, int length = 64)
    {
        var payload = new byte[length - 28];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return TestPackets.IPv4(17, TestPackets.Udp(sourcePort, destinationPort, payload), source: source.ToString(), destination: destination.ToString());
    }

    public static int NumberOf(byte[] packet) => BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(28));

    public static int SourcePortOf(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(20));
}
