using System.Net;
using System.Text;

namespace SubnetVpn.Discovery.Mdns.Peers;

/// <summary>
/// A multiaddress from a text record: a peer, and where to dial it. Names are not taken: what a stranger on the link says
/// makes us ask no name server.
/// </summary>
/// <param name="Peer">The peer that it names at its end.</param>
/// <param name="Ip">The IP address to dial; null when it names the peer alone, which has to dial us.</param>
/// <param name="Address">The multiaddress without the peer, such as <c>/ip4/198.18.0.2/tcp/4001</c>; empty when <paramref name="Ip"/> is null.</param>
internal readonly record struct DialAddress(PeerId Peer, VirtualIp? Ip, string Address)
{
    /// <summary>Reads <c>dnsaddr=/ip4/198.18.0.2/tcp/4001/p2p/12D3…</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">What it says.</param>
    /// <returns>False when it has no peer at its end, or does not begin with an IP address.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out DialAddress address)
    {
        address = default;
        if (!IsAddress(text) || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return false;
        var parts = Encoding.ASCII.GetString(text[MdnsProtocol.AddressKey.Length..]).Split('/');
        // "", then pairs, then "p2p" and the peer. Relays ("p2p-circuit") are none of this link.
        if (parts.Length < 3 || parts[0].Length > 0 || parts.Contains("p2p-circuit") || parts[^2] != "p2p" || !PeerId.TryParse(parts[^1], out var peer))
            return false;
        if (parts.Length == 3)
        {
            address = new DialAddress(peer, null, "");
            return true;
        }
        if (parts.Length < 7 || parts[1] is not ("ip4" or "ip6") || !VirtualIp.TryParse(parts[2], out var ip) || ip.IsIPv4 != (parts[1] == "ip4"))
            return false;
        if (parts.AsSpan(1).Contains("") || !IsDialable(ip))
            return false;
        address = new DialAddress(peer, ip, string.Join('/', parts[..^2]));
        return true;
    }

    /// <summary>Whether a text is meant to be an address.</summary>
    public static bool IsAddress(ReadOnlySpan<byte> text) => text.StartsWith("dnsaddr="u8);

    /// <summary>The text that says where a node is.</summary>
    /// <param name="peer">The node.</param>
    /// <param name="address">The multiaddress without the peer; empty for none.</param>
    public static byte[] ToText(PeerId peer, string address) => Encoding.ASCII.GetBytes($"{MdnsProtocol.AddressKey}{address}/p2p/{peer}");

    /// <summary>Whether an address can be another machine's on a link, for whoever reads it there.</summary>
    public static bool IsDialable(VirtualIp ip)
    {
        var address = ip.ToIPAddress();
        // Without its zone a link-local IPv6 address says nothing.
        return !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !(ip.IsIPv4 && address.GetAddressBytes()[0] is 0 or >= 224);
    }
}
