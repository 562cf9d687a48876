using Microsoft.Extensions.Logging;

namespace SubnetVpn.Core.Addresses;

internal sealed partial class AddressGuard
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 230, Level = LogLevel.Warning, Message = "Network {Network}: {PeerId} claims our address {VirtualIp} ({Source}); we keep it, and it has to take another")]
        public static partial void Kept(ILogger logger, string network, PeerId peerId, VirtualIp virtualIp, string source);

        [LoggerMessage(EventId = 231, Level = LogLevel.Warning, Message = "{Message}")]
        public static partial void Lost(ILogger logger, string message);

        [LoggerMessage(EventId = 232, Level = LogLevel.Information, Message = "Network {Network}: {Source} says that {PeerId} holds our address {VirtualIp}, which that peer does not confirm: {Reason}")]
        public static partial void NotConfirmed(ILogger logger, string network, string source, PeerId peerId, VirtualIp virtualIp, string reason);

        [LoggerMessage(EventId = 233, Level = LogLevel.Error, Message = "Network {Network}: asking who claims our addresses failed")]
        public static partial void Failed(ILogger logger, Exception exception, string network);
    }
}
