using System.Buffers.Binary;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>A numbered packet of a flow: IPv4 and UDP, filled with bytes that follow from its number.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Number">Its number, growing within the flow.</param>
/// <param name="Length">Length of the packet in bytes.</param>
internal readonly record struct FlowPacket(FlowId Flow, int Number, int Length)
{
    public const int MinLength = PayloadOffset + 4;

    private const int PayloadOffset = 28;
    private const ushort DestinationPort = 9;

    public static VirtualIp AddressOf(int node) => VirtualIp.FromBytes([10, 0, (byte)((node + 1) >> 8), (byte)(node + 1)]);

    public void WriteTo(Span<byte> packet)
    {
        packet[..PayloadOffset].Clear();
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)Length);
        packet[8] = 64;
        packet[9] = 17;
        WriteAddress(packet[12..], Flow.From);
        WriteAddress(packet[16..], Flow.To);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], HeaderChecksum(packet[..20]));
        BinaryPrimitives.WriteUInt16BigEndian(packet[20..], Flow.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet[22..], DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[24..], (ushort)(Length - 20));
        BinaryPrimitives.WriteInt32BigEndian(packet[PayloadOffset..], Number);
        packet[MinLength..].Fill(FillOf(Number));
    }

    /// <summary>Reads a packet; false when it is not what <see cref="WriteTo"/> wrote, such as one in a buffer that was lent again.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FlowPacket packet)
    {
        packet = default;
        if (bytes.Length < MinLength || bytes[0] != 0x45 || BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) != bytes.Length)
            return false;
        var flow = new FlowId(ReadAddress(bytes[12..]), ReadAddress(bytes[16..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[20..]));
        packet = new FlowPacket(flow, BinaryPrimitives.ReadInt32BigEndian(bytes[PayloadOffset..]), bytes.Length);
        return !bytes[MinLength..].ContainsAnyExcept(FillOf(packet.Number));
    }

    public override string ToString() => $"{Flow} #{Number}";

    // Never the byte that a pool for tests overwrites returned buffers with.
    private static byte FillOf(int number) => (byte)(number & 0x7F);

    private static void WriteAddress(Span<byte> destination, int node)
    {
        destination[0] = 10;
        destination[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(node + 1));
    }

    private static int ReadAddress(ReadOnlySpan<byte> address) => BinaryPrimitives.ReadUInt16BigEndian(address[2..]) - 1;

    private static ushort HeaderChecksum(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < header.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }
}
