using System.Security.Cryptography;

namespace SubnetVpn;

/// <summary>
/// The hash of addresses and connection keys. Whoever can choose addresses and ports, a peer or a program of this host, cannot
/// choose them so that they fall together: the factors are drawn anew in every process.
/// </summary>
/// <remarks>
/// Multilinear hashing (M. Thorup, "High Speed Hashing for Integers and Strings", section 3.4): the upper half of the sum of 32-bit
/// words, each times a random 64-bit factor. Two different keys have the same hash with a probability of 2^-32, whatever they
/// are. What follows the sum is one to one, and only spreads out what lies in regular distances. The products do not wait for
/// each other, as the steps of <see cref="HashCode"/> do.
/// </remarks>
internal static class AddressHash
{
    private const int Words = 10;

    private static readonly ulong s_offset;
    private static readonly ulong s_a, s_b, s_c, s_d, s_e, s_f, s_g, s_h, s_i, s_j;

#pragma warning disable CA1810 // The factors are drawn together.
    static AddressHash()
#pragma warning restore CA1810
    {
        Span<ulong> random = stackalloc ulong[Words + 1];
        RandomNumberGenerator.Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(random));
        (s_a, s_b, s_c, s_d, s_e) = (random[0], random[1], random[2], random[3], random[4]);
        (s_f, s_g, s_h, s_i, s_j) = (random[5], random[6], random[7], random[8], random[9]);
        s_offset = random[Words];
    }

    public static int Of(VirtualIp address) => Finish(OfSource(address));

    /// <param name="source">The source address.</param>
    /// <param name="destination">The destination address.</param>
    /// <param name="ports">Both ports.</param>
    /// <param name="rest">Whatever else tells keys apart.</param>
    public static int Of(VirtualIp source, VirtualIp destination, uint ports, uint rest) => Finish(
        OfSource(source)
        + ((destination.High >> 32) * s_e) + ((uint)destination.High * s_f) + ((destination.Low >> 32) * s_g) + ((uint)destination.Low * s_h)
        + (ports * s_i) + (rest * s_j));

    private static ulong OfSource(VirtualIp address) =>
        s_offset + ((address.High >> 32) * s_a) + ((uint)address.High * s_b) + ((address.Low >> 32) * s_c) + ((uint)address.Low * s_d);

    // MurmurHash3's 32-bit finaliser (A. Appleby, public domain).
    private static int Finish(ulong sum)
    {
        var hash = (uint)(sum >> 32);
        hash = (hash ^ (hash >> 16)) * 0x85EB_CA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2_AE35;
        return (int)(hash ^ (hash >> 16));
    }
}
