using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SubnetVpn.Discovery.Static;

/// <summary>
/// Checks the shape of a multiaddress, without knowing every protocol of every transport: what is known must be right,
/// what is not known is the transport's business.
/// </summary>
internal static class PeerAddress
{
    private const int MaxLength = 1024;

    /// <summary>What is wrong, as a sentence for the operator; null when nothing is.</summary>
    public static string? FindMistake(string? text, string peerId)
    {
        if (string.IsNullOrEmpty(text))
            return "An address is empty; expected a multiaddress such as /ip4/198.18.0.2/tcp/4001.";
        if (text[0] != '/' || text.Length > MaxLength || text.AsSpan().ContainsAnyInRange('\0', ' '))
            return $"'{text}' is not a multiaddress: expected one such as /ip4/198.18.0.2/tcp/4001.";
        var parts = text[1..].Split('/');
        if (parts.Contains(""))
            return $"'{text}' is not a multiaddress: a part between two slashes is empty.";

        for (var i = 0; i < parts.Length; i++)
        {
            if (!IsKnownWithValue(parts[i]))
                continue;
            var (name, value) = (parts[i], i + 1 < parts.Length ? parts[i + 1] : null);
            if (value is null)
                return $"'{text}' is not a multiaddress: /{name} lacks its value.";
            if (FindMistakeInValue(name, value) is { } mistake)
                return $"'{text}' is not a multiaddress: {mistake}.";
            i++;
        }
        return FindWrongPeer(text, parts, peerId);
    }

    private static bool IsKnownWithValue(string name) => name is "ip4" or "ip6" or "dns" or "dns4" or "dns6" or "dnsaddr" or "tcp" or "udp" or "p2p" or "memory";

    private static string? FindMistakeInValue(string name, string value) => name switch
    {
        "ip4" when !IsAddress(value, AddressFamily.InterNetwork) => $"'{value}' is not an IPv4 address",
        "ip6" when !IsAddress(value, AddressFamily.InterNetworkV6) => $"'{value}' is not an IPv6 address",
        "tcp" or "udp" when !IsPort(value) => $"'{value}' is not a port from 1 to 65535",
        _ => null,
    };

    private static bool IsAddress(string value, AddressFamily family) => VirtualIp.TryParse(value, out _) && IPAddress.Parse(value).AddressFamily == family;

    private static bool IsPort(string value) => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port != 0;

    // Behind a relay (/p2p/RELAY/p2p-circuit/p2p/PEER) only what follows the circuit names the peer.
    private static string? FindWrongPeer(string text, string[] parts, string peerId)
    {
        for (var i = Array.LastIndexOf(parts, "p2p-circuit") + 1; i + 1 < parts.Length; i++)
            if (parts[i] == "p2p" && parts[i + 1] != peerId)
                return $"'{text}' names the peer {parts[i + 1]}, but stands under the peer {peerId}.";
        return null;
    }
}
