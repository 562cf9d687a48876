using Microsoft.Extensions.Logging;

namespace SubnetVpn.Registry.Http.Leases;

internal sealed partial class OwnLease
{
    [LoggerMessage(1, LogLevel.Information, "Leased {VirtualIp} for {Duration}.")]
    private static partial void LogLeased(ILogger logger, VirtualIp virtualIp, TimeSpan duration);

    [LoggerMessage(2, LogLevel.Error, "The lease server gives our address {VirtualIp} to {PeerId}. Take another address for this node, or have the lease of the other released.")]
    private static partial void LogLost(ILogger logger, VirtualIp virtualIp, PeerId peerId);

    [LoggerMessage(3, LogLevel.Error, "The lease server lets us not hold our address {VirtualIp}: {Reason}")]
    private static partial void LogRefused(ILogger logger, VirtualIp virtualIp, string? reason);

    [LoggerMessage(4, LogLevel.Warning, "The lease of {VirtualIp} could not be renewed, and is tried again in {Pause}: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, VirtualIp virtualIp, TimeSpan pause, string? reason);

    [LoggerMessage(5, LogLevel.Error, "The lease of {VirtualIp} ran out, because it could not be renewed: another node may take the address now.")]
    private static partial void LogRanOut(ILogger logger, VirtualIp virtualIp);

    [LoggerMessage(6, LogLevel.Debug, "The lease of {VirtualIp} was not released, and runs out by itself: {Reason}")]
    private static partial void LogNotReleased(ILogger logger, VirtualIp virtualIp, string? reason);

    [LoggerMessage(7, LogLevel.Error, "The lease of {VirtualIp} could not be renewed, and is tried again.")]
    private static partial void LogRenewalThrew(ILogger logger, Exception exception, VirtualIp virtualIp);
}
