using System.Net;
using SubnetVpn.Discovery.Mdns.Peers;

namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>Which of the transport's listen addresses hold on a link.</summary>
internal static class ListenAddresses
{
    /// <summary>
    /// The multiaddresses at which this node can be dialled on a link: those with an address of the link, and, for those that
    /// listen anywhere, one for each address of the link (RFC 6762, 14: nothing that is not valid there is told there).
    /// </summary>
    /// <param name="listening">What the transport listens on.</param>
    /// <param name="link">The link.</param>
    public static IReadOnlyList<string> On(IReadOnlyList<string> listening, LocalLink link)
    {
        var found = new List<string>();
        foreach (var address in listening)
        {
            var parts = address.Split('/', 4);
            if (parts.Length < 4 || parts[1] is not ("ip4" or "ip6") || !VirtualIp.TryParse(parts[2], out var ip))
                continue;
            foreach (var own in link.Addresses)
            {
                var isMatch = IsAny(ip) ? own.Address.IsIPv4 == (parts[1] == "ip4") : own.Address == ip;
                if (isMatch && DialAddress.IsDialable(own.Address))
                    found.Add($"/{parts[1]}/{own.Address}/{WithoutPeer(parts[3])}");
            }
        }
        return [.. found.Distinct()];
    }

    private static bool IsAny(VirtualIp ip) => ip == VirtualIp.From(IPAddress.Any) || ip == VirtualIp.From(IPAddress.IPv6Any);

    private static string WithoutPeer(string rest) => rest.Split("/p2p/", 2)[0];
}
