using System.Buffers;

namespace SubnetVpn.Libp2p.Encoding;

/// <summary>
/// The unsigned varint of multiformats: seven bits a byte, least significant first, the top bit says that another
/// byte follows. Only the shortest form of a number is valid, and at most nine bytes (63 bits).
/// </summary>
internal static class Uvarint
{
    /// <summary>The longest valid encoding, in bytes.</summary>
    public const int MaxLength = 9;

    /// <summary>The largest number that has an encoding.</summary>
    public const ulong MaxValue = (1UL << 63) - 1;

    /// <summary>Reads one number from the start of <paramref name="source"/>; false when it is truncated or invalid.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ulong value, out int length) =>
        Read(source, out value, out length) == OperationStatus.Done;

    /// <summary>
    /// Reads one number from the start of <paramref name="source"/> and tells a number that goes on beyond the end
    /// (<see cref="OperationStatus.NeedMoreData"/>) from one that can never become valid (<see cref="OperationStatus.InvalidData"/>).
    /// </summary>
    public static OperationStatus Read(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        value = 0;
        length = 0;
        var end = Math.Min(source.Length, MaxLength);
        var result = 0UL;
        for (var index = 0; index < end; index++)
        {
            var current = source[index];
            result |= (ulong)(current & 0x7F) << (7 * index);
            if ((current & 0x80) != 0)
            {
                continue;
            }

            // A last byte of zero adds nothing: the number has a shorter form.
            if (current == 0 && index > 0)
            {
                return OperationStatus.InvalidData;
            }

            value = result;
            length = index + 1;
            return OperationStatus.Done;
        }

        return source.Length >= MaxLength ? OperationStatus.InvalidData : OperationStatus.NeedMoreData;
    }

    /// <summary>Writes <paramref name="value"/> and returns the number of bytes written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number needs more than nine bytes.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int Write(Span<byte> destination, ulong value)
    {
        var length = Length(value);
        if (destination.Length < length)
        {
            throw new ArgumentException($"A varint of {length} bytes does not fit into {destination.Length}.", nameof(destination));
        }

        for (var index = 0; index < length - 1; index++)
        {
            destination[index] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length - 1] = (byte)value;
        return length;
    }

    /// <summary>The number of bytes that <see cref="Write"/> needs.</summary>
    public static int Length(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        return Math.Max(1, (64 - System.Numerics.BitOperations.LeadingZeroCount(value) + 6) / 7);
    }
}
