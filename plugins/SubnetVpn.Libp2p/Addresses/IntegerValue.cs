using System.Buffers.Binary;
using System.Globalization;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>A number in decimal; in bytes, big-endian in a fixed size. Ports, prefix lengths, memory addresses.</summary>
internal sealed class IntegerValue : MultiaddrValue
{
    public static readonly IntegerValue UInt8 = new(sizeof(byte));
    public static readonly IntegerValue UInt16 = new(sizeof(ushort));
    public static readonly IntegerValue UInt64 = new(sizeof(ulong));

    private readonly ulong _max;

    private IntegerValue(int size)
    {
        Size = size;
        _max = ulong.MaxValue >> (64 - (8 * size));
    }

    public override int Size { get; }

    public override string Expected => $"a number from 0 to {_max}";

    public override bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > _max)
        {
            return false;
        }

        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(wide, value);
        bytes = wide[^Size..].ToArray();
        return true;
    }

    public override string? Format(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        wide.Clear();
        bytes.CopyTo(wide[^Size..]);
        return BinaryPrimitives.ReadUInt64BigEndian(wide).ToString(CultureInfo.InvariantCulture);
    }
}
