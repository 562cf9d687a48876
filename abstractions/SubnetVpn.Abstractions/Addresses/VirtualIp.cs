using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace SubnetVpn;

/// <summary>
/// An IPv4 or IPv6 address as a value of 16 bytes: what the packet path compares and hashes without allocating.
/// IPv4 is held in its mapped form (<c>::ffff:a.b.c.d</c>). <c>default</c> is <c>::</c>. Thread-safe.
/// </summary>
public readonly struct VirtualIp : IEquatable<VirtualIp>, IComparable<VirtualIp>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>The first eight bytes, in network order, as a number.</summary>
    internal ulong High { get; }

    /// <summary>The last eight bytes, in network order, as a number.</summary>
    internal ulong Low { get; }

    internal VirtualIp(ulong high, ulong low) => (High, Low) = (high, low);

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>32 for IPv4 and 128 for IPv6.</summary>
    public int BitLength => IsIPv4 ? 32 : 128;

    /// <summary>Makes an address from network-order bytes, as they stand in a packet.</summary>
    /// <param name="bytes">4 bytes (IPv4) or 16 bytes (IPv6).</param>
    /// <exception cref="ArgumentException">Any other length.</exception>
    public static VirtualIp FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => new VirtualIp(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new VirtualIp(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException("An address has 4 or 16 bytes.", nameof(bytes)),
    };

    /// <summary>Makes an address from the framework's type. A scope id is not kept.</summary>
    /// <param name="address">IPv4 or IPv6.</param>
    public static VirtualIp From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return FromBytes(bytes[..length]);
    }

    /// <summary>Reads <c>10.0.0.1</c> or <c>fd00::1</c>. IPv4 must have four decimal parts; no port, no zone, no brackets.</summary>
    /// <param name="text">The text; null is no address.</param>
    /// <param name="address">The address, or <c>default</c>.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out VirtualIp address)
    {
        address = default;
        if (text is null || text.Contains('%', StringComparison.Ordinal) || text.Contains('[', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var parsed))
            return false;
        // IPAddress also reads "1" and "0x7f.1"; an operator who wrote that made a mistake.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && text.AsSpan().Count('.') != 3)
            return false;
        address = From(parsed);
        return true;
    }

    /// <summary>Reads <c>10.0.0.1</c> or <c>fd00::1</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static VirtualIp Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <summary>Writes the network-order bytes.</summary>
    /// <param name="destination">Room for 4 (IPv4) or 16 (IPv6) bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public int WriteBytes(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);
            return 4;
        }
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    /// <summary>The framework's type. Allocates.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteBytes(bytes)]);
    }

    /// <inheritdoc/>
    public bool Equals(VirtualIp other) => High == other.High && Low == other.Low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VirtualIp other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => AddressHash.Of(this);

    /// <inheritdoc/>
    public int CompareTo(VirtualIp other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>The usual text: dotted decimal, or RFC 5952.</summary>
    public override string ToString() => ToIPAddress().ToString();

    /// <summary>Whether two addresses are the same.</summary>
    public static bool operator ==(VirtualIp left, VirtualIp right) => left.Equals(right);

    /// <summary>Whether two addresses differ.</summary>
    public static bool operator !=(VirtualIp left, VirtualIp right) => !left.Equals(right);

    /// <summary>Numerical order.</summary>
    public static bool operator <(VirtualIp left, VirtualIp right) => left.CompareTo(right) < 0;

    /// <summary>Numerical order.</summary>
    public static bool operator >(VirtualIp left, VirtualIp right) => left.CompareTo(right) > 0;

    /// <summary>Numerical order.</summary>
    public static bool operator <=(VirtualIp left, VirtualIp right) => left.CompareTo(right) <= 0;

    /// <summary>Numerical order.</summary>
    public static bool operator >=(VirtualIp left, VirtualIp right) => left.CompareTo(right) >= 0;
}
