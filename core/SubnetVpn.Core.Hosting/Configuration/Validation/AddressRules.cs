using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>Virtual IPs, subnets and routes of a network.</summary>
internal static class AddressRules
{
    /// <summary>The value of <c>virtual_ip</c> and <c>virtual_ip6</c> that leaves the choice to the node.</summary>
    public const string Automatic = "auto";

    // Two interface ids of 64 bits never meet; IPv6 has no next choice.
    private const int LongestAutomaticSubnet6 = 64;

    private const int ShortestAutomaticSubnet = 8;

    // What IsUnicast refuses, as ranges.
    private static readonly IpPrefix[] s_notUnicast =
        [.. new[] { "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/64", "fe80::/10", "ff00::/8" }.Select(IpPrefix.Parse)];

    /// <summary>Reads <c>virtual_ip</c> with <c>subnet</c>, and <c>virtual_ip6</c> with <c>subnet6</c>: those that are written out.</summary>
    public static IReadOnlyList<TunAddress> ReadAddresses(VpnOptions options, MistakeList mistakes)
    {
        var addresses = new List<TunAddress>();
        if (options.VirtualIp is null && options.VirtualIp6 is null)
            mistakes.Add("virtual_ip", null, "is missing: set virtual_ip (such as 10.0.0.1), virtual_ip6 (such as fd00::1), or both; 'auto' lets the node choose");
        if (options.VirtualIp is not (null or Automatic) && ReadAddress("virtual_ip", options.VirtualIp, "subnet", options.Subnet, 32, mistakes) is { } ipv4)
            addresses.Add(ipv4);
        if (options.VirtualIp6 is not (null or Automatic) && ReadAddress("virtual_ip6", options.VirtualIp6, "subnet6", options.Subnet6, 128, mistakes) is { } ipv6)
            addresses.Add(ipv6);
        return addresses;
    }

    /// <summary>Reads the subnets in which the node chooses its address.</summary>
    public static IReadOnlyList<IpPrefix> ReadAutomaticSubnets(string network, VpnOptions options, MistakeList mistakes)
    {
        var subnets = new List<IpPrefix>();
        if (options.VirtualIp == Automatic && ReadAutomaticSubnet(options, mistakes) is { } subnet)
            subnets.Add(subnet);
        if (options.VirtualIp6 == Automatic && ReadAutomaticSubnet6(network, options, mistakes) is { } subnet6)
            subnets.Add(subnet6);
        return subnets;
    }

    public static IReadOnlyList<IpPrefix> ReadRoutes(VpnOptions options, MistakeList mistakes)
    {
        var routes = new List<IpPrefix>();
        for (var i = 0; i < options.Routes.Count; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"routes:{i}");
            if (ReadPrefix(key, options.Routes[i], null, mistakes) is not { } route)
                continue;
            if (route.Length == 0)
                mistakes.Add(key, options.Routes[i], "a default route would send the node's own connections into its own tunnel; name the subnets that peers route");
            else if ((route.IsIPv4 ? options.VirtualIp : options.VirtualIp6) is null)
                mistakes.Add(key, options.Routes[i], $"needs an address of its family: set {(route.IsIPv4 ? "virtual_ip" : "virtual_ip6")}");
            else if (!routes.Contains(route))
                routes.Add(route);
        }
        return routes;
    }

    private static IpPrefix? ReadAutomaticSubnet(VpnOptions options, MistakeList mistakes)
    {
        if (!options.Subnet.Contains('/', StringComparison.Ordinal))
        {
            mistakes.Add("subnet", options.Subnet, $"must be a CIDR such as {Example(32)}: with 'virtual_ip: auto' there is no address to count it from");
            return null;
        }
        if (ReadPrefix("subnet", options.Subnet, 32, mistakes) is not { } subnet)
            return null;
        return mistakes.Require(subnet.Length >= ShortestAutomaticSubnet, "subnet", options.Subnet, $"must be a /{ShortestAutomaticSubnet} or smaller with 'virtual_ip: auto'")
            && IsUnicast("subnet", subnet, mistakes) ? subnet : null;
    }

    private static IpPrefix? ReadAutomaticSubnet6(string network, VpnOptions options, MistakeList mistakes)
    {
        if (options.Subnet6 == new VpnOptions().Subnet6)
            return AutomaticAddress.DeriveSubnet6(network);
        if (!options.Subnet6.Contains('/', StringComparison.Ordinal))
        {
            mistakes.Add("subnet6", options.Subnet6, $"must be a CIDR such as {Example(128)} with 'virtual_ip6: auto', or be left out");
            return null;
        }
        if (ReadPrefix("subnet6", options.Subnet6, 128, mistakes) is not { } subnet)
            return null;
        return mistakes.Require(
            subnet.Length is >= 8 and <= LongestAutomaticSubnet6, "subnet6", options.Subnet6, $"must be a /8 to /{LongestAutomaticSubnet6} with 'virtual_ip6: auto': in a smaller one two nodes could come to the same address")
            && IsUnicast("subnet6", subnet, mistakes) ? subnet : null;
    }

    private static bool IsUnicast(string key, IpPrefix subnet, MistakeList mistakes) => mistakes.Require(
        !s_notUnicast.Any(range => range.Contains(subnet) || subnet.Contains(range)), key, subnet, "must be of unicast addresses: neither multicast, broadcast, loopback, link-local nor unspecified");

    private static TunAddress? ReadAddress(
        string addressKey, string addressText, string subnetKey, string subnetText, int bits, MistakeList mistakes)
    {
        var address = ReadUnicast(addressKey, addressText, bits, mistakes);
        var subnet = ReadSubnet(subnetKey, subnetText, address, bits, mistakes);
        if (address is not { } ip || subnet is not { } range)
            return null;
        if (range.Length == 0)
        {
            mistakes.Add(subnetKey, subnetText, "would be a default route, and send the node's own connections into its own tunnel");
            return null;
        }
        if (!range.Contains(ip))
        {
            mistakes.Add(addressKey, addressText, $"is not in {subnetKey} {range}");
            return null;
        }
        if (range.Length < bits - 1 && IsReserved(ip, range))
        {
            mistakes.Add(addressKey, addressText, $"is the {(ip == range.Address ? "network" : "broadcast")} address of {subnetKey} {range}; choose one between");
            return null;
        }
        return new TunAddress(ip, range.Length);
    }

    private static VirtualIp? ReadUnicast(string key, string text, int bits, MistakeList mistakes)
    {
        if (!VirtualIp.TryParse(text, out var address) || address.BitLength != bits)
        {
            mistakes.Add(key, text, bits == 32 ? "must be an IPv4 address such as 10.0.0.1, or auto" : "must be an IPv6 address such as fd00::1, or auto");
            return null;
        }
        if (IsUnicast(address))
            return address;
        mistakes.Add(key, text, "must be a unicast address: neither multicast, broadcast, loopback, link-local nor unspecified");
        return null;
    }

    private static IpPrefix? ReadSubnet(string key, string text, VirtualIp? address, int bits, MistakeList mistakes)
    {
        if (text.Contains('/', StringComparison.Ordinal))
            return ReadPrefix(key, text, bits, mistakes);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length >= 1 && length <= bits)
            return address is { } ip ? new IpPrefix(ip, length) : null;
        mistakes.Add(key, text, $"must be a CIDR such as {Example(bits)}, or its length alone: 1 to {bits}");
        return null;
    }

    private static IpPrefix? ReadPrefix(string key, string text, int? bits, MistakeList mistakes)
    {
        if (!text.Contains('/', StringComparison.Ordinal) || !IpPrefix.TryParse(text, out var prefix) || (bits ?? prefix.Address.BitLength) != prefix.Address.BitLength)
        {
            mistakes.Add(key, text, $"must be {(bits is null ? "a" : bits == 32 ? "an IPv4" : "an IPv6")} CIDR such as {Example(bits ?? 32)}");
            return null;
        }
        if (VirtualIp.TryParse(text[..text.IndexOf('/', StringComparison.Ordinal)], out var address) && address == prefix.Address)
            return prefix;
        mistakes.Add(key, text, $"has host bits set; the network is {prefix}");
        return null;
    }

    // Also the all-zero interface id of IPv6, which is the anycast address of the subnet's routers (RFC 4291 section 2.6.1).
    private static bool IsReserved(VirtualIp address, IpPrefix subnet) =>
        address == subnet.Address || (subnet.IsIPv4 && IsBroadcast(address, subnet.Length));

    private static bool IsBroadcast(VirtualIp address, int length)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteBytes(bytes);
        var hostMask = uint.MaxValue >> length;
        return (BinaryPrimitives.ReadUInt32BigEndian(bytes) & hostMask) == hostMask;
    }

    private static bool IsUnicast(VirtualIp address)
    {
        var ip = address.ToIPAddress();
        if (IPAddress.IsLoopback(ip))
            return false;
        var bytes = ip.GetAddressBytes();
        if (ip.AddressFamily == AddressFamily.InterNetworkV6)
            return !ip.IsIPv6Multicast && !ip.IsIPv6LinkLocal && !ip.Equals(IPAddress.IPv6Any);
        return bytes[0] is > 0 and < 224 && !(bytes[0] == 169 && bytes[1] == 254);
    }

    private static string Example(int bits) => bits == 32 ? "10.0.0.0/24" : "fd00::/64";
}
