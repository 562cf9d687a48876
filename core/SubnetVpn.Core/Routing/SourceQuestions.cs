using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>Puts one question to one discovery source at a time: whatever the source does, an answer comes in time. Thread-safe.</summary>
/// <param name="sources">The sources, in the order in which the configuration lists them.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures are told.</param>
internal sealed partial class SourceQuestions(IReadOnlyList<IPeerDiscovery> sources, TimeProvider time, ILogger logger)
{
    /// <summary>How long a source may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>How many sources there are.</summary>
    public int Count => sources.Count;

    /// <summary>Asks a source.</summary>
    /// <param name="index">Which.</param>
    /// <param name="address">The address.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>What it says, of this address, and not judged.</returns>
    public async Task<SourceAnswer> AskAsync(int index, VirtualIp address, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var answer = await TryAskAsync(index, address, limit, cancellationToken);
        return answer with { Took = time.GetElapsedTime(start) };
    }

    private async Task<SourceAnswer> TryAskAsync(int index, VirtualIp address, TimeSpan limit, CancellationToken cancellationToken)
    {
        var source = sources[index];
        using var over = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            // Neither one that blocks nor one that is deaf to its token can hold up the others.
            var lookup = await Task.Run(async () => await source.FindPeerAsync(address, both.Token), both.Token).WaitAsync(both.Token);
            return Read(index, lookup, address);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var detail = $"no answer within {limit.TotalSeconds:0} s";
            Log.SourceFailed(logger, source.GetType().Name, address, detail);
            return Failure(index, SourceOutcome.TimedOut, detail);
        }
        catch (Exception exception)
        {
            // A source of a third party may throw anything.
            Log.SourceThrew(logger, exception, source.GetType().Name, address);
            return Failure(index, SourceOutcome.Threw, exception.Message);
        }
    }

    private SourceAnswer Read(int index, PeerLookup lookup, VirtualIp address)
    {
        var answer = Failure(index, lookup.Outcome == PeerLookupOutcome.NotFound ? SourceOutcome.NotFound : SourceOutcome.Failed, lookup.Detail);
        if (lookup.Mapping is { } mapping)
        {
            if (mapping.Prefixes.Any(prefix => prefix.Contains(address)))
                return answer with { Outcome = SourceOutcome.Found, Mapping = mapping };
            answer = answer with { Detail = $"its answer is of other addresses: {string.Join(", ", mapping.Prefixes)}" };
        }
        if (answer.Outcome == SourceOutcome.Failed)
            Log.SourceFailed(logger, sources[index].GetType().Name, address, answer.Detail);
        return answer;
    }

    private static SourceAnswer Failure(int index, SourceOutcome outcome, string? detail) =>
        new() { Index = index, Outcome = outcome, Detail = detail, Took = TimeSpan.Zero };

    private static partial class Log
    {
        [LoggerMessage(EventId = 200, Level = LogLevel.Warning, Message = "{Source} could not look up {VirtualIp}: {Reason}")]
        public static partial void SourceFailed(ILogger logger, string source, VirtualIp virtualIp, string? reason);

        [LoggerMessage(EventId = 201, Level = LogLevel.Error, Message = "{Source} threw while it looked up {VirtualIp}")]
        public static partial void SourceThrew(ILogger logger, Exception exception, string source, VirtualIp virtualIp);
    }
}
