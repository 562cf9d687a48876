using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>An IP address. Stricter than <see cref="IPAddress.TryParse(string, out IPAddress)"/>, which also takes ports, zones, and single numbers.</summary>
internal sealed class IpAddressValue : MultiaddrValue
{
    public static readonly IpAddressValue V4 = new(AddressFamily.InterNetwork);
    public static readonly IpAddressValue V6 = new(AddressFamily.InterNetworkV6);

    private static readonly SearchValues<char> _ip6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private readonly AddressFamily _family;

    private IpAddressValue(AddressFamily family) => _family = family;

    public override int Size => _family == AddressFamily.InterNetwork ? 4 : 16;

    public override string Expected => _family == AddressFamily.InterNetwork ? "an IPv4 address" : "an IPv6 address";

    public override bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != _family)
        {
            return false;
        }

        // Four decimal numbers without leading zeros are the one form of IPv4 that reads back as itself.
        var strict = _family == AddressFamily.InterNetwork
            ? text.SequenceEqual(address.ToString())
            : !text.ContainsAnyExcept(_ip6Characters);
        bytes = strict ? address.GetAddressBytes() : [];
        return strict;
    }

    public override string? Format(ReadOnlySpan<byte> bytes) => new IPAddress(bytes).ToString();
}
