using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Routing;

/// <summary>Counts and tells what sources claim in vain. Thread-safe.</summary>
/// <param name="metrics">Where it is counted.</param>
/// <param name="logger">Where it is told.</param>
/// <param name="watcher">Hears of each, or null.</param>
internal sealed partial class RefusalCounter(VpnMetrics metrics, ILogger logger, Action<RefusedClaim>? watcher = null)
{
    public void Add(IReadOnlyList<RefusedClaim> claims)
    {
        foreach (var claim in claims)
            Add(claim);
    }

    public void Add(RefusedClaim claim)
    {
        metrics.MappingRefused(claim.Reason);
        Log.Refused(logger, claim.Source, claim.Prefix, claim.Peer, claim.Reason, claim.Holder);
        watcher?.Invoke(claim);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 210, Level = LogLevel.Warning, Message = "{Source} gives {Prefix} to {PeerId}, which is refused: {Reason} (held by {Holder})")]
        public static partial void Refused(ILogger logger, string source, IpPrefix prefix, PeerId peerId, MappingRefusal reason, PeerId? holder);
    }
}
