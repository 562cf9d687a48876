using System.Buffers.Binary;

namespace SubnetVpn.Core.Frames;

/// <summary>
/// The bodies of fence and account frames.
/// <code>
/// fence     | u64 number of the stream that has ended, big-endian |
/// account   | u64 number of that stream | u64 packets that were read of it; all ones when that is not known |
/// </code>
/// </summary>
/// <param name="Stream">The number of the stream.</param>
/// <param name="Packets">Packets that the acceptor had read of it; null when it does not know the stream.</param>
internal readonly record struct StreamAccount(ulong Stream, long? Packets)
{
    private const ulong Unknown = ulong.MaxValue;

    public static byte[] EncodeFence(ulong stream)
    {
        var body = new byte[FrameLimits.Fence];
        BinaryPrimitives.WriteUInt64BigEndian(body, stream);
        return body;
    }

    public static ulong DecodeFence(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt64BigEndian(body);

    public byte[] Encode()
    {
        var body = new byte[FrameLimits.Account];
        BinaryPrimitives.WriteUInt64BigEndian(body, Stream);
        BinaryPrimitives.WriteUInt64BigEndian(body.AsSpan(8), Packets is { } packets ? (ulong)packets : Unknown);
        return body;
    }

    public static StreamAccount Decode(ReadOnlySpan<byte> body)
    {
        var packets = BinaryPrimitives.ReadUInt64BigEndian(body[8..]);
        return new StreamAccount(BinaryPrimitives.ReadUInt64BigEndian(body), packets > long.MaxValue ? null : (long)packets);
    }
}
