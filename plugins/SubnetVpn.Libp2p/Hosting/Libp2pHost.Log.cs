using System.Net;
using Microsoft.Extensions.Logging;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Hosting;

public sealed partial class Libp2pHost
{
    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "Listening at {Address}.")]
    private partial void LogListening(Multiaddr address);

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "Connected with {PeerId} at {Address} (inbound: {Inbound}, congestion control: {Congestion}).")]
    private partial void LogConnected(PeerId peerId, Multiaddr address, bool inbound, string? congestion);

    [LoggerMessage(EventId = 22, Level = LogLevel.Debug, Message = "Dialling {PeerId} failed: {Reason}, {Detail}.")]
    private partial void LogDialFailed(PeerId peerId, DialFailure reason, string detail);

    [LoggerMessage(EventId = 23, Level = LogLevel.Debug, Message = "An inbound connection from {EndPoint} was refused: {Reason}, {Detail}.")]
    private partial void LogInboundRefused(IPEndPoint endPoint, HandshakeFailure reason, string detail);

    [LoggerMessage(EventId = 24, Level = LogLevel.Error, Message = "Taking in a connection failed.")]
    private partial void LogInboundDefect(Exception exception);

    [LoggerMessage(EventId = 25, Level = LogLevel.Error, Message = "The handler of {Protocol} failed for a stream of {PeerId}.")]
    private partial void LogHandlerFailed(Exception exception, string protocol, PeerId peerId);

    [LoggerMessage(EventId = 26, Level = LogLevel.Error, Message = "An observer of peers failed.")]
    private partial void LogObserverFailed(Exception exception);

    [LoggerMessage(EventId = 27, Level = LogLevel.Warning, Message = "The host was disposed while handlers of streams still ran.")]
    private partial void LogHandlersStillRun();
}
