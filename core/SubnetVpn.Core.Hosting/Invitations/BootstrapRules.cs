using System.Text.RegularExpressions;
using SubnetVpn.Core.Hosting.Configuration.Validation;

namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>Addresses of peers to ask first: multiaddresses that end in the peer's id.</summary>
public static partial class BootstrapRules
{
    private const string PeerPart = "/p2p/";

    /// <summary>What is wrong with an address; null when nothing is.</summary>
    /// <param name="address">Such as <c>/ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…</c>.</param>
    public static string? FindMistake(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        // Such texts end up in a configuration and on a screen, so nothing that means something there may be in them.
        if (!Plain().IsMatch(address))
            return "must be a multiaddress such as /ip4/192.0.2.1/tcp/4001";
        if (ListenRules.Check(address) is { } mistake)
            return mistake;
        var end = address.IndexOf(PeerPart, StringComparison.Ordinal);
        if (end <= 0 || !PeerId.TryParse(address[(end + PeerPart.Length)..], out _))
            return "must end in /p2p/ and the peer's id";
        return Dialable().IsMatch(address) ? null : "must say where: an IP address or a host name, and a port other than 0";
    }

    /// <summary>Puts a peer's id behind an address that has none.</summary>
    /// <param name="address">A multiaddress.</param>
    /// <param name="peer">The peer.</param>
    public static string WithPeer(string address, PeerId peer)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Contains(PeerPart, StringComparison.Ordinal) ? address : $"{address.TrimEnd('/')}{PeerPart}{peer}";
    }

    [GeneratedRegex(@"^/[A-Za-z0-9./:_-]{1,200}\z")]
    private static partial Regex Plain();

    [GeneratedRegex("^/(ip4|ip6|dns|dns4|dns6)/[^/]+/(tcp|udp)/[1-9][0-9]*/")]
    private static partial Regex Dialable();
}
