using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SubnetVpn;

/// <summary>
/// The addresses that follow from a peer id (<c>virtual_ip: auto</c>, <c>virtual_ip6: auto</c>): the same for everybody who
/// computes them. Pure.
/// </summary>
/// <remarks>
/// Each is taken from the first bytes, most significant first, of SHA-256 over an ASCII text:
/// <code>
/// IPv4 address    subnetvpn automatic address 1|SUBNET|PEER ID|NUMBER   8 bytes modulo the usable addresses, counted from the first
/// ULA prefix      subnetvpn ula prefix 1|NETWORK                        5 bytes behind fd (RFC 4193), then the subnet id 0
/// IPv6 address    subnetvpn automatic address 1|PEER ID                 16 bytes, cut to the host bits; 1 instead of 0
/// </code>
/// </remarks>
public static class AutomaticAddress
{
    private const string AddressPurpose = "subnetvpn automatic address 1";
    private const string PrefixPurpose = "subnetvpn ula prefix 1";

    /// <summary>How many addresses a node can have in an IPv4 subnet: all but the network's and the broadcast address, which /31 and /32 do not have.</summary>
    /// <param name="subnet">An IPv4 subnet.</param>
    /// <exception cref="ArgumentException">It is of IPv6.</exception>
    public static long CountUsable(IpPrefix subnet)
    {
        ThrowUnless(subnet.IsIPv4, nameof(subnet), "IPv4");
        var all = 1L << (32 - subnet.Length);
        return subnet.Length >= 31 ? all : all - 2;
    }

    /// <summary>An address that a peer takes in an IPv4 subnet. Others may come to the same one: then the one with the next number is tried.</summary>
    /// <param name="subnet">The IPv4 subnet.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="number">0 for the first choice; two numbers may give the same address.</param>
    /// <exception cref="ArgumentException">The subnet is of IPv6.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is negative.</exception>
    public static VirtualIp DeriveIPv4(IpPrefix subnet, PeerId peer, int number)
    {
        ThrowUnless(subnet.IsIPv4, nameof(subnet), "IPv4");
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(hash, AddressPurpose, subnet.ToString(), peer.ToString(), number.ToString(CultureInfo.InvariantCulture));
        // Of 2^64 numbers at most 2^32 are left: the bias is below 2^-32.
        var host = (uint)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)CountUsable(subnet)) + (subnet.Length >= 31 ? 0u : 1u);
        return new VirtualIp(subnet.Address.High, subnet.Address.Low | host);
    }

    /// <summary>The IPv6 address of a peer in a subnet: the only one it can have where addresses are automatic.</summary>
    /// <param name="subnet">The IPv6 subnet.</param>
    /// <param name="peer">The peer.</param>
    /// <exception cref="ArgumentException">The subnet is of IPv4.</exception>
    public static VirtualIp DeriveIPv6(IpPrefix subnet, PeerId peer)
    {
        ThrowUnless(!subnet.IsIPv4, nameof(subnet), "IPv6");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(hash, AddressPurpose, peer.ToString());
        var mask = subnet.Length == 0 ? UInt128.MaxValue : (UInt128.One << (128 - subnet.Length)) - 1;
        var host = BinaryPrimitives.ReadUInt128BigEndian(hash) & mask;
        // All zeros is the anycast address of the subnet's routers (RFC 4291 section 2.6.1).
        if (host == 0 && mask != 0)
            host = 1;
        return new VirtualIp(subnet.Address.High | (ulong)(host >> 64), subnet.Address.Low | (ulong)host);
    }

    /// <summary>The IPv6 subnet of a network that names none: a /64 of unique local addresses.</summary>
    /// <param name="network">The network's name.</param>
    public static IpPrefix DeriveSubnet6(string network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(hash, PrefixPurpose, network);
        // fd | global id, 40 bits | subnet id, 16 bits
        return new IpPrefix(new VirtualIp((0xFDUL << 56) | (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 24 << 16), 0), 64);
    }

    /// <summary>Whether an IPv6 address is the one that follows from a peer's id.</summary>
    /// <param name="address">The address.</param>
    /// <param name="subnet">The IPv6 subnet of the network.</param>
    /// <param name="peer">The peer.</param>
    /// <exception cref="ArgumentException">The subnet is of IPv4.</exception>
    public static bool IsOf(VirtualIp address, IpPrefix subnet, PeerId peer) => address == DeriveIPv6(subnet, peer);

    private static void Hash(Span<byte> hash, params ReadOnlySpan<string> parts) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', parts)), hash);

    private static void ThrowUnless(bool condition, string parameter, string family)
    {
        if (!condition)
            throw new ArgumentException($"The subnet must be of {family}.", parameter);
    }
}
