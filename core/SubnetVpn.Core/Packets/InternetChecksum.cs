using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SubnetVpn.Core.Packets;

/// <summary>
/// The ones' complement sum of 16-bit words that IP, TCP and UDP use (RFC 1071). Sums are kept unfolded in 32 bits, big-endian
/// words as numbers, so that they can be added up piece by piece and folded once.
/// </summary>
internal static class InternetChecksum
{
    /// <summary>
    /// Adds bytes to a sum. An odd last byte counts as if a zero followed, so only the last piece may be of odd length.
    /// Up to 65,000 pieces can be added before a fold.
    /// </summary>
    public static uint Sum(ReadOnlySpan<byte> data, uint initial = 0)
    {
        // The sum does not depend on byte order, but for swapping the result (RFC 1071, section 2 (B)): add up words of the
        // machine's order in wide lanes, where nothing overflows, fold, then swap once.
        ulong sum = 0;
        if (Vector256.IsHardwareAccelerated && data.Length >= Vector256<byte>.Count)
            sum = SumVectors(ref data);
        foreach (var word in MemoryMarshal.Cast<byte, uint>(data))
            sum += word;
        data = data[(data.Length & ~3)..];
        if (data.Length >= 2)
        {
            sum += MemoryMarshal.Read<ushort>(data);
            data = data[2..];
        }
        if (!data.IsEmpty)
            sum += BitConverter.IsLittleEndian ? data[0] : (uint)data[0] << 8;

        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        var folded = FoldOnce(FoldOnce((uint)sum));
        return initial + (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness((ushort)folded) : folded);
    }

    /// <summary>The checksum of a sum: folded to 16 bits, and complemented.</summary>
    public static ushort Fold(uint sum) => (ushort)~FoldOnce(FoldOnce(sum));

    /// <summary>
    /// The sum of the pseudo header that TCP and UDP add (RFC 9293, section 3.1; RFC 768; RFC 8200, section 8.1).
    /// </summary>
    /// <param name="source">Network-order bytes of the source address: 4 or 16.</param>
    /// <param name="destination">Network-order bytes of the destination address.</param>
    /// <param name="protocol">The upper-layer protocol.</param>
    /// <param name="length">Length of transport header and payload, at most 65,535.</param>
    public static uint PseudoHeader(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, int length) =>
        Sum(source, Sum(destination, (uint)protocol + (uint)length));

    private static uint FoldOnce(uint sum) => (sum & 0xFFFF) + (sum >> 16);

    private static ulong SumVectors(ref ReadOnlySpan<byte> data)
    {
        // 32-bit words are added up in 64-bit lanes: 2^32 additions fit, a packet has at most 2^14. Two accumulators,
        // since one addition waits for the one before it.
        var even = Vector256<ulong>.Zero;
        var odd = Vector256<ulong>.Zero;
        var vectors = MemoryMarshal.Cast<byte, Vector256<uint>>(data);
        foreach (var vector in vectors)
        {
            even += vector.AsUInt64() & Vector256.Create(0xFFFF_FFFFUL);
            odd += vector.AsUInt64() >>> 32;
        }
        data = data[(vectors.Length * Vector256<byte>.Count)..];
        return Vector256.Sum(even) + Vector256.Sum(odd);
    }
}
