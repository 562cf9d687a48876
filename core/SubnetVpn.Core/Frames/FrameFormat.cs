using System.Buffers.Binary;

namespace SubnetVpn.Core.Frames;

/// <summary>
/// The headers of frames. The length counts what follows it.
/// <code>
/// /vpn/2.0.0   | u32 length, big-endian | u8 type | body                                        |
///   packet     | 1 + n                  | 1       | IP packet, n bytes                          |
///   offload    | 1 + 10 + n             | 2       | virtio net header, 10 bytes | IP packet, n  |
/// /vpn/1.0.0   | u32 length, big-endian | IP packet, n bytes                                    |
/// </code>
/// </summary>
internal static class FrameFormat
{
    public const int HeaderSize = 5;
    public const int LegacyHeaderSize = 4;

    /// <summary>Writes a header in front of the content.</summary>
    public static void PrependHeader(PacketBuffer buffer, FrameType type)
    {
        var bodyLength = buffer.Length;
        WriteHeader(buffer.Prepend(HeaderSize), type, bodyLength);
    }

    /// <summary>Writes a header into the first <see cref="HeaderSize"/> bytes.</summary>
    public static void WriteHeader(Span<byte> destination, FrameType type, int bodyLength)
    {
        destination[4] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(destination, bodyLength + 1);
    }

    /// <summary>Frames an IP packet: with its offload header when something is left to do for it, else as a plain packet.</summary>
    public static void PrependPacket(PacketBuffer buffer)
    {
        if (buffer.Offload.IsNone)
        {
            PrependHeader(buffer, FrameType.Packet);
            return;
        }
        buffer.Offload.Write(buffer.Prepend(PacketOffload.Size));
        PrependHeader(buffer, FrameType.OffloadPacket);
    }

    /// <summary>Frames a complete IP packet for <c>/vpn/1.0.0</c>.</summary>
    /// <exception cref="InvalidOperationException">Something is left to do for the packet, which this format cannot say: the caller's mistake.</exception>
    public static void PrependLegacy(PacketBuffer buffer)
    {
        if (!buffer.Offload.IsNone)
            throw new InvalidOperationException("A packet must be complete before it is framed for the original format.");
        var length = buffer.Length;
        BinaryPrimitives.WriteInt32BigEndian(buffer.Prepend(LegacyHeaderSize), length);
    }

    /// <summary>Reads a header and checks its length against what its type allows.</summary>
    /// <param name="source">At least <see cref="HeaderSize"/> bytes.</param>
    /// <param name="maxPacketLength">The longest packet of a <see cref="FrameType.Packet"/> frame: the MTU.</param>
    /// <param name="header">The header, or <c>default</c>.</param>
    /// <param name="error"><see cref="FrameError.InvalidLength"/> when false.</param>
    public static bool TryReadHeader(ReadOnlySpan<byte> source, int maxPacketLength, out FrameHeader header, out FrameError error)
    {
        var type = (FrameType)source[4];
        var length = BinaryPrimitives.ReadUInt32BigEndian(source);
        var (min, max) = type switch
        {
            FrameType.Hello => (0, FrameLimits.Hello),
            FrameType.Packet => (1, maxPacketLength),
            FrameType.OffloadPacket => (PacketOffload.Size + 1, FrameLimits.OffloadPacket),
            FrameType.Ping or FrameType.Pong => (FrameLimits.Ping, FrameLimits.Ping),
            FrameType.Fence => (FrameLimits.Fence, FrameLimits.Fence),
            FrameType.Account => (FrameLimits.Account, FrameLimits.Account),
            FrameType.Goodbye => (1, FrameLimits.Goodbye),
            _ => (0, FrameLimits.Unknown),
        };
        if (length < 1 + min || length > 1 + (uint)max)
        {
            header = default;
            error = FrameError.InvalidLength;
            return false;
        }
        header = new FrameHeader(type, (int)length - 1);
        error = FrameError.None;
        return true;
    }

    /// <summary>Reads a header of <c>/vpn/1.0.0</c>.</summary>
    /// <param name="source">At least <see cref="LegacyHeaderSize"/> bytes.</param>
    /// <param name="maxPacketLength">The longest packet that is taken: the MTU.</param>
    /// <param name="length">Length of the packet that follows, or 0.</param>
    /// <param name="error"><see cref="FrameError.InvalidLength"/> when false.</param>
    public static bool TryReadLegacyHeader(ReadOnlySpan<byte> source, int maxPacketLength, out int length, out FrameError error)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(source);
        var isValid = value >= 1 && value <= (uint)maxPacketLength;
        length = isValid ? (int)value : 0;
        error = isValid ? FrameError.None : FrameError.InvalidLength;
        return isValid;
    }
}
