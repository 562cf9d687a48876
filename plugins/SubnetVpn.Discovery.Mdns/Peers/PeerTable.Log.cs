using Microsoft.Extensions.Logging;

namespace SubnetVpn.Discovery.Mdns.Peers;

internal sealed partial class PeerTable
{
    [LoggerMessage(1, LogLevel.Warning, "Network {Network}: the peer {PeerId} claims {Prefix} by mDNS, which {Holder} claimed before and keeps until it goes.")]
    private static partial void LogConflict(ILogger logger, string network, PeerId peerId, IpPrefix prefix, PeerId holder);
}
