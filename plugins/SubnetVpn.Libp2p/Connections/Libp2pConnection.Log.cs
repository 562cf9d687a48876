using Microsoft.Extensions.Logging;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

public sealed partial class Libp2pConnection
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The receive loop of the connection to {PeerId} failed.")]
    private static partial void LogReceiveDefect(ILogger logger, Exception exception, PeerId peerId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "The connection to {PeerId} at {Address} ended: {Reason} {Fault}.")]
    private static partial void LogEnded(ILogger logger, PeerId peerId, Multiaddr address, ConnectionEnd reason, YamuxFault fault);
}
