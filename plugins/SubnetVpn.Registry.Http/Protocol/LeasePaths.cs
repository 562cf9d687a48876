namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>Where things are on a lease server.</summary>
internal static class LeasePaths
{
    private const int MaxNameLength = 64;

    /// <summary>The lease of an address, from <c>/v1</c> on.</summary>
    public static string OfLease(string network, VirtualIp address) => $"/v1/networks/{network}/leases/{address}";

    /// <summary>Whether a name of a network can stand in a path as it is.</summary>
    public static bool IsNetworkName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name is not ("." or "..") && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Host and port, as they are signed: in lower case, always with the port, IPv6 in brackets.</summary>
    public static string AuthorityOf(Uri server) =>
        FormattableString.Invariant($"{(server.HostNameType == UriHostNameType.IPv6 ? server.Host : server.IdnHost).ToLowerInvariant()}:{server.Port}");
}
