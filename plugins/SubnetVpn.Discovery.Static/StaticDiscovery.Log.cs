using Microsoft.Extensions.Logging;

namespace SubnetVpn.Discovery.Static;

internal sealed partial class StaticDiscovery
{
    [LoggerMessage(1, LogLevel.Information, "Network {Network}: the peer {PeerId} in the configuration is this node and is left out.")]
    private partial void LogOwnEntry(string network, PeerId peerId);

    [LoggerMessage(2, LogLevel.Warning, "Network {Network}: {VirtualIp} of the peer {PeerId} lies outside the network's subnets and is left out.")]
    private partial void LogOtherNetwork(string network, PeerId peerId, VirtualIp virtualIp);
}
