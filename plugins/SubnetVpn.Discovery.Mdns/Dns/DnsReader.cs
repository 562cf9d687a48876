using System.Buffers.Binary;
using System.Text;

namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>Reads numbers and names of a message that may say anything. Nothing is allocated beyond what the packet holds.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> packet, int position = 0)
{
    // Names are compressed in one step; a chain of pointers is somebody's attempt to keep us busy.
    private const int MaxPointers = 16;

    private readonly ReadOnlySpan<byte> _packet = packet;

    public int Position { get; private set; } = position;

    public bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (!TryRead(sizeof(ushort), out var bytes))
            return false;
        value = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (!TryRead(sizeof(uint), out var bytes))
            return false;
        value = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return true;
    }

    /// <summary>Reads so many bytes.</summary>
    public bool TryRead(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_packet.Length - Position < count)
            return false;
        bytes = _packet.Slice(Position, count);
        Position += count;
        return true;
    }

    /// <summary>Reads a name and goes on behind it, or behind its first pointer.</summary>
    public bool TryReadName(out DnsName name)
    {
        name = null!;
        var labels = new List<string>();
        var (at, length, pointers) = (Position, 1, 0);
        // Every pointer must point before the place that the last one pointed to: so there is an end.
        var before = Position;
        var next = -1;
        while (at < _packet.Length)
        {
            var head = _packet[at];
            if (head == 0)
            {
                Position = next >= 0 ? next : at + 1;
                name = new DnsName([.. labels]);
                return true;
            }
            if ((head & DnsFormat.PointerMask) == DnsFormat.PointerMask)
            {
                if (at + 1 >= _packet.Length || ++pointers > MaxPointers)
                    return false;
                var target = ((head & ~DnsFormat.PointerMask) << 8) | _packet[at + 1];
                if (target >= before)
                    return false;
                next = next >= 0 ? next : at + 2;
                at = before = target;
                continue;
            }
            // 01 and 10 in the first bits are reserved.
            if ((head & DnsFormat.PointerMask) != 0 || head >= _packet.Length - at)
                return false;
            length += head + 1;
            if (length > DnsName.MaxWireLength)
                return false;
            labels.Add(Encoding.Latin1.GetString(_packet.Slice(at + 1, head)));
            at += head + 1;
        }
        return false;
    }
}
