using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SubnetVpn;

/// <summary>
/// A range of addresses, such as <c>10.0.0.0/24</c> or <c>fd00::/64</c>. Host bits are cleared when it is made.
/// <c>default</c> is <c>::/0</c>. Thread-safe.
/// </summary>
public readonly struct IpPrefix : IEquatable<IpPrefix>
{
    /// <summary>Makes the prefix that holds an address.</summary>
    /// <param name="address">Any address in the range; its host bits are cleared.</param>
    /// <param name="length">Leading bits that are fixed: 0 to 32 (IPv4) or 0 to 128 (IPv6).</param>
    /// <exception cref="ArgumentOutOfRangeException">The length does not fit the family.</exception>
    public IpPrefix(VirtualIp address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, address.BitLength);
        var (high, low) = Mask(length + 128 - address.BitLength);
        Address = new VirtualIp(address.High & high, address.Low & low);
        Length = length;
    }

    /// <summary>The first address of the range.</summary>
    public VirtualIp Address { get; }

    /// <summary>How many leading bits are fixed.</summary>
    public int Length { get; }

    /// <summary>Whether the range is of IPv4 addresses.</summary>
    public bool IsIPv4 => Address.IsIPv4;

    /// <summary>Whether the range is one address.</summary>
    public bool IsSingleAddress => Length == Address.BitLength;

    /// <summary>Whether an address is in the range. An address of the other family never is.</summary>
    /// <param name="address">The address.</param>
    public bool Contains(VirtualIp address)
    {
        if (address.IsIPv4 != IsIPv4)
            return false;
        var (high, low) = Mask(Length + 128 - Address.BitLength);
        return (address.High & high) == Address.High && (address.Low & low) == Address.Low;
    }

    /// <summary>Whether every address of another range is in this one.</summary>
    /// <param name="other">The other range.</param>
    public bool Contains(IpPrefix other) => other.Length >= Length && Contains(other.Address);

    /// <summary>Reads <c>10.0.0.0/24</c>, <c>fd00::/64</c>, or a single address.</summary>
    /// <param name="text">The text; null is no prefix.</param>
    /// <param name="prefix">The prefix, or <c>default</c>.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpPrefix prefix)
    {
        prefix = default;
        if (text is null)
            return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!VirtualIp.TryParse(slash < 0 ? text : text[..slash], out var address))
            return false;
        var length = address.BitLength;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > address.BitLength))
            return false;
        prefix = new IpPrefix(address, length);
        return true;
    }

    /// <summary>Reads <c>10.0.0.0/24</c>, <c>fd00::/64</c>, or a single address.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is no prefix.</exception>
    public static IpPrefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not an IP prefix such as 10.0.0.0/24.");

    /// <inheritdoc/>
    public bool Equals(IpPrefix other) => Length == other.Length && Address == other.Address;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpPrefix other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Length);

    /// <summary>The CIDR text, such as <c>10.0.0.0/24</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    /// <summary>Whether two prefixes are the same.</summary>
    public static bool operator ==(IpPrefix left, IpPrefix right) => left.Equals(right);

    /// <summary>Whether two prefixes differ.</summary>
    public static bool operator !=(IpPrefix left, IpPrefix right) => !left.Equals(right);

    private static (ulong High, ulong Low) Mask(int bits) => (
        bits >= 64 ? ulong.MaxValue : bits == 0 ? 0 : ulong.MaxValue << (64 - bits),
        bits <= 64 ? 0 : ulong.MaxValue << (128 - bits));
}
