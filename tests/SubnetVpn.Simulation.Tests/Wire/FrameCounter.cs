using System.Buffers.Binary;

namespace SubnetVpn.Simulation.Tests.Wire;

/// <summary>Counts the packets in the bytes of a stream, cut however they are: frames of <c>u32 length | u8 type | body</c>.</summary>
internal sealed class FrameCounter
{
    private const int HeaderSize = 5;

    private readonly byte[] _header = new byte[HeaderSize];
    private int _headerFilled;
    private int _bodyLeft;

    public static bool IsPacket(byte type) => type is 1 or 2;

    /// <summary>Takes the next bytes; returns how many packets end in them.</summary>
    public int Feed(ReadOnlySpan<byte> bytes)
    {
        var packets = 0;
        while (!bytes.IsEmpty)
        {
            int taken;
            if (_headerFilled < HeaderSize)
            {
                taken = Math.Min(HeaderSize - _headerFilled, bytes.Length);
                bytes[..taken].CopyTo(_header.AsSpan(_headerFilled));
                _headerFilled += taken;
                if (_headerFilled == HeaderSize)
                    _bodyLeft = BinaryPrimitives.ReadInt32BigEndian(_header) - 1;
            }
            else
            {
                taken = Math.Min(_bodyLeft, bytes.Length);
                _bodyLeft -= taken;
            }
            bytes = bytes[taken..];
            if (_headerFilled < HeaderSize || _bodyLeft > 0)
                continue;
            packets += IsPacket(_header[4]) ? 1 : 0;
            _headerFilled = 0;
        }
        return packets;
    }
}
