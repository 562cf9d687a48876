using System.Globalization;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>
/// The shape of listen addresses. Whether a transport takes them is its own business; what no transport takes is found here,
/// before anything starts.
/// </summary>
internal static class ListenRules
{
    // Source: https://github.com/multiformats/multiaddr/blob/master/protocols.csv
    private static readonly string[] s_withValue =
        ["ip4", "ip6", "tcp", "udp", "dns", "dns4", "dns6", "dnsaddr", "p2p", "memory", "unix", "ip6zone", "ipcidr", "sni", "certhash", "onion3", "garlic64"];

    private static readonly string[] s_withoutValue =
        ["quic", "quic-v1", "ws", "wss", "tls", "noise", "http", "https", "webtransport", "webrtc", "webrtc-direct", "p2p-circuit"];

    /// <summary>What is wrong with an address; null when it looks right.</summary>
    public static string? Check(string address)
    {
        if (address.Length < 2 || address[0] != '/')
            return "must be a multiaddress such as /ip4/0.0.0.0/tcp/4001: it begins with '/'";
        var parts = address.TrimEnd('/').Split('/')[1..];
        for (var i = 0; i < parts.Length; i++)
        {
            if (s_withoutValue.Contains(parts[i]))
                continue;
            if (!s_withValue.Contains(parts[i]))
                return UnknownProtocol(parts[i]);
            if (i + 1 == parts.Length)
                return $"'{parts[i]}' needs a value behind it, such as /{parts[i]}/{Example(parts[i])}";
            if (parts[i] == "unix")
                return null;
            if (CheckValue(parts[i], parts[++i]) is { } mistake)
                return mistake;
        }
        return null;
    }

    private static string? CheckValue(string protocol, string value) => protocol switch
    {
        "ip4" => VirtualIp.TryParse(value, out var ip) && ip.IsIPv4 ? null : $"'{value}' is not an IPv4 address",
        "ip6" => VirtualIp.TryParse(value, out var ip) && !ip.IsIPv4 ? null : $"'{value}' is not an IPv6 address",
        "tcp" or "udp" => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : $"'{value}' is not a port: 0 to 65535",
        _ => value.Length > 0 ? null : $"'{protocol}' needs a value behind it",
    };

    private static string UnknownProtocol(string name)
    {
        var nearest = NearestName.Find(name, [.. s_withValue, .. s_withoutValue]);
        return $"'{name}' is no part of a multiaddress{(nearest is null ? string.Empty : $"; did you mean '{nearest}'?")}";
    }

    private static string Example(string protocol) => protocol switch
    {
        "ip4" => "0.0.0.0",
        "ip6" => "::",
        "tcp" or "udp" => "4001",
        _ => "VALUE",
    };
}
