using Microsoft.Extensions.Logging;
using SubnetVpn.Libp2p.Addresses;

namespace SubnetVpn.Libp2p.Tcp;

internal sealed partial class TcpAcceptor
{
    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "Accepting a connection at {Address} failed.")]
    private static partial void LogAcceptFailed(ILogger logger, Exception exception, Multiaddr address);
}
