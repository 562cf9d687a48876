using System.Buffers.Binary;

namespace SubnetVpn;

/// <summary>
/// What the kernel left for later when it handed over a packet: a checksum to fill in, segments to cut. The fields
/// are those of the kernel's <c>virtio_net_hdr</c> (<c>linux/virtio_net.h</c>). <c>default</c> asks for nothing:
/// a complete packet.
/// </summary>
/// <param name="Flags">Bit 0: a checksum is to be filled in. Bit 1: the checksum was verified.</param>
/// <param name="GsoType">What kind of segments to cut.</param>
/// <param name="HeaderLength">Length of the IP and transport headers in bytes; a hint, 0 when unknown.</param>
/// <param name="SegmentSize">Payload bytes per segment.</param>
/// <param name="ChecksumStart">Offset in the packet where the checksummed bytes begin.</param>
/// <param name="ChecksumOffset">Offset of the checksum field, counted from <paramref name="ChecksumStart"/>.</param>
public readonly record struct PacketOffload(
    byte Flags, GsoType GsoType, ushort HeaderLength, ushort SegmentSize, ushort ChecksumStart, ushort ChecksumOffset)
{
    /// <summary>Size of the header in bytes, in front of a packet on a TUN device and in an offload frame.</summary>
    public const int Size = 10;

    /// <summary><c>VIRTIO_NET_HDR_F_NEEDS_CSUM</c>.</summary>
    public const byte NeedsChecksumFlag = 1;

    /// <summary><c>VIRTIO_NET_HDR_F_DATA_VALID</c>.</summary>
    public const byte DataValidFlag = 2;

    /// <summary>Whether the transport checksum holds only the pseudo header's sum and is to be completed.</summary>
    public bool NeedsChecksum => (Flags & NeedsChecksumFlag) != 0;

    /// <summary>Whether the packet is to be cut into segments.</summary>
    public bool IsSegmented => GsoType != GsoType.None;

    /// <summary>Whether the packet is complete as it is.</summary>
    public bool IsNone => !NeedsChecksum && !IsSegmented;

    /// <summary>Reads the 10 bytes, little-endian. Says nothing of whether they fit a packet: validate before use.</summary>
    /// <param name="source">At least <see cref="Size"/> bytes.</param>
    public static PacketOffload Read(ReadOnlySpan<byte> source) => new(
        source[0],
        (GsoType)source[1],
        BinaryPrimitives.ReadUInt16LittleEndian(source[2..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[4..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[6..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[8..]));

    /// <summary>Writes the 10 bytes, little-endian.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        destination[0] = Flags;
        destination[1] = (byte)GsoType;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], ChecksumStart);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], ChecksumOffset);
    }
}
