using Microsoft.Extensions.Logging;

namespace SubnetVpn.Discovery.Mdns;

internal sealed partial class MdnsDiscovery
{
    [LoggerMessage(3, LogLevel.Debug, "Network {Network}: looks for peers on {Link} by mDNS.")]
    private static partial void LogLink(ILogger logger, string network, string link);

    [LoggerMessage(4, LogLevel.Warning, "Network {Network}: cannot look for peers on {Link} by mDNS: {Reason}. It is tried again every few seconds.")]
    private static partial void LogLinkRefused(ILogger logger, string network, string link, string reason);

    [LoggerMessage(5, LogLevel.Error, "Network {Network}: a message of mDNS could not be handled.")]
    private static partial void LogReceiveFailed(ILogger logger, Exception exception, string network);

    [LoggerMessage(6, LogLevel.Warning, "Network {Network}: the interfaces could not be read: {Reason}")]
    private static partial void LogReadFailed(ILogger logger, string network, string reason);
}
