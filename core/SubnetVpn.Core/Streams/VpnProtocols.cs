using SubnetVpn.Core.Configuration;

namespace SubnetVpn.Core.Streams;

/// <summary>The protocol ids of a network.</summary>
internal static class VpnProtocols
{
    private const string CurrentId = "/vpn/2.0.0";

    /// <summary>Typed frames. A network that is not the default one has its name in it, so that networks do not mix.</summary>
    public static string Current(NetworkSettings settings) => settings.Name == "default" ? CurrentId : $"{CurrentId}/{settings.Name}";

    /// <summary>The original network's: a length, then a packet.</summary>
    public static string Legacy(NetworkSettings settings) => settings.Protocol;
}
