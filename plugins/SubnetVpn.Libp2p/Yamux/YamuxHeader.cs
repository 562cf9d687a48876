using System.Buffers.Binary;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>
/// The 12 bytes before every frame, all fields big-endian:
/// <code>version u8 = 0 | type u8 | flags u16 | stream u32 | length u32</code>
/// Length is the size of the body for Data, the credit for WindowUpdate (an error code when RST is set),
/// an opaque value for Ping and a code for GoAway.
/// </summary>
internal readonly record struct YamuxHeader(YamuxFrameType Type, YamuxFlags Flags, uint StreamId, uint Length)
{
    private const ushort KnownFlags = (ushort)(YamuxFlags.Syn | YamuxFlags.Ack | YamuxFlags.Fin | YamuxFlags.Rst);

    public void Write(Span<byte> destination)
    {
        destination[0] = YamuxConstants.Version;
        destination[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)Flags);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], StreamId);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Length);
    }

    /// <summary>Reads 12 bytes. Checks what can be seen from the header alone.</summary>
    public static YamuxFault TryRead(ReadOnlySpan<byte> source, out YamuxHeader header)
    {
        header = default;
        if (source[0] != YamuxConstants.Version)
        {
            return YamuxFault.BadVersion;
        }

        if (source[1] > (byte)YamuxFrameType.GoAway)
        {
            return YamuxFault.BadType;
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        header = new YamuxHeader(
            (YamuxFrameType)source[1],
            (YamuxFlags)flags,
            BinaryPrimitives.ReadUInt32BigEndian(source[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[8..]));

        return (flags & ~KnownFlags) != 0 ? YamuxFault.BadFlags : header.Validate();
    }

    private YamuxFault Validate()
    {
        switch (Type)
        {
            case YamuxFrameType.Data:
            case YamuxFrameType.WindowUpdate:
                const YamuxFlags both = YamuxFlags.Syn | YamuxFlags.Ack;
                return StreamId == 0 ? YamuxFault.BadStreamId
                    : (Flags & both) == both ? YamuxFault.BadFlags
                    : YamuxFault.None;
            case YamuxFrameType.Ping:
                return StreamId != 0 ? YamuxFault.BadStreamId
                    : Flags is YamuxFlags.Syn or YamuxFlags.Ack ? YamuxFault.None
                    : YamuxFault.BadFlags;
            default:
                return StreamId != 0 ? YamuxFault.BadStreamId : YamuxFault.None;
        }
    }
}
