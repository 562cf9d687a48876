namespace SubnetVpn.Core.Hosting.Setup;

/// <summary>Addresses that are nobody's on the Internet, so that a network of one's own may use them.</summary>
public static class PrivateRanges
{
    // RFC 1918; RFC 6598 (shared); RFC 2544 (benchmarks); RFC 4193 (unique local).
    private static readonly IpPrefix[] s_ranges =
    [
        IpPrefix.Parse("10.0.0.0/8"), IpPrefix.Parse("172.16.0.0/12"), IpPrefix.Parse("192.168.0.0/16"),
        IpPrefix.Parse("100.64.0.0/10"), IpPrefix.Parse("198.18.0.0/15"), IpPrefix.Parse("fc00::/7"),
    ];

    /// <summary>The ranges, for messages.</summary>
    public static string Text { get; } = string.Join(", ", s_ranges);

    /// <summary>Whether a subnet lies in one of them.</summary>
    /// <param name="subnet">The subnet.</param>
    public static bool Contains(IpPrefix subnet) => Array.Exists(s_ranges, range => range.Contains(subnet));
}
