using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Addresses;

/// <summary>Makes our addresses known by a source, and tries again until that works.</summary>
/// <param name="self">What is made known.</param>
/// <param name="refused">Called each time that a source says that an address belongs to somebody else.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Announcer(PeerMapping self, Action refused, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromMinutes(5);

    /// <summary>Runs until the source has it, or has nobody to tell.</summary>
    public async Task RunAsync(IPeerDiscovery source, CancellationToken cancellationToken)
    {
        try
        {
            for (var delay = s_firstDelay; ; delay = delay * 2 < s_longestDelay ? delay * 2 : s_longestDelay)
            {
                var outcome = await AnnounceAsync(source, cancellationToken);
                if (outcome is AnnounceOutcome.Announced or AnnounceOutcome.NotSupported)
                    return;
                Log.NotAnnounced(logger, source.GetType().Name, outcome, delay.TotalSeconds);
                if (outcome == AnnounceOutcome.Refused)
                    refused();
                await Task.Delay(delay, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task<AnnounceOutcome> AnnounceAsync(IPeerDiscovery source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.AnnounceAsync(self, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A source of a third party may throw anything.
            Log.AnnounceFailed(logger, exception, source.GetType().Name);
            return AnnounceOutcome.Failed;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "{Source} did not announce our addresses: {Reason}; it is tried again in {Delay} s")]
        public static partial void NotAnnounced(ILogger logger, string source, AnnounceOutcome reason, double delay);

        [LoggerMessage(EventId = 12, Level = LogLevel.Error, Message = "{Source} threw while it announced our addresses")]
        public static partial void AnnounceFailed(ILogger logger, Exception exception, string source);
    }
}
