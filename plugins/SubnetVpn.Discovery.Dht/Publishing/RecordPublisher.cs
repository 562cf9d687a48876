using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Lookups;
using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Publishing;

/// <summary>Stores the record of one address of ours, unless somebody has the better claim to it.</summary>
internal sealed partial class RecordPublisher(
    DhtStore store, RecordSearch search, AnswerCache cache, RecordWriter writer, NetworkContext network, NetworkKeys keys, DhtOptions options, DhtCounters counters, TimeProvider time, ILogger logger)
{
    // Until those who hold an older record have let it expire, or have lost it.
    private static readonly TimeSpan s_releaseLifetime = TimeSpan.FromMinutes(1);

    // A node that stops does not wait longer for others.
    private static readonly TimeSpan s_releaseLimit = TimeSpan.FromSeconds(1);

    /// <summary>Does it; the outcome is noted in <paramref name="own"/>.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task PublishAsync(OwnAddress own, IReadOnlyList<string> dialAddresses, CancellationToken cancellationToken)
    {
        var outcome = PublishOutcome.Failed;
        try
        {
            outcome = await TryPublishAsync(own, dialAddresses, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A store is another plugin's: it may throw anything.
            LogPublishFailed(logger, exception, network.Name, own.Claim.Address);
        }
        if (outcome == PublishOutcome.Refused && own.Outcome != PublishOutcome.Refused)
            LogRefused(logger, network.Name, own.Claim.Address);
        own.Outcome = outcome;
        counters.Count(outcome);
    }

    /// <summary>Tells that we hold addresses no longer: at once, and with what can be reached. Never throws.</summary>
    public async Task ReleaseAsync(IReadOnlyList<OwnAddress> addresses, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_releaseLimit, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await Task.WhenAll(addresses.Where(static own => own.Outcome == PublishOutcome.Published)
                .Select(own => store.Open().PutAsync(keys.KeyOf(own.Claim.Address), Write(own, [], s_releaseLifetime, isReleased: true), both.Token).AsTask()));
        }
        catch (Exception exception)
        {
            // The records expire by themselves.
            LogReleaseFailed(logger, network.Name, exception.Message);
        }
    }

    private async Task<PublishOutcome> TryPublishAsync(OwnAddress own, IReadOnlyList<string> dialAddresses, CancellationToken cancellationToken)
    {
        var address = own.Claim.Address;
        var found = await search.FindAsync(address, cancellationToken);
        if (found is not null)
        {
            // What FindPeerAsync tells of our own address, should it be another's.
            cache.Put(address, new Answer(found, time.GetTimestamp()));
            if (found.Peer == own.Claim.Peer)
                own.Sequence = Math.Max(own.Sequence, found.Header.Sequence);
            else if (!found.IsReleased && found.Claim.IsBetterThan(own.Claim, network.Key))
                return PublishOutcome.Refused;
        }
        var taken = await store.Open().PutAsync(keys.KeyOf(address), Write(own, dialAddresses, options.RecordLifetime), cancellationToken);
        return taken == 0 || (store.ExpectsPeers && store.IsAlone) ? PublishOutcome.Failed : PublishOutcome.Published;
    }

    private byte[] Write(OwnAddress own, IReadOnlyList<string> dialAddresses, TimeSpan lifetime, bool isReleased = false)
    {
        var now = time.GetUtcNow();
        own.Sequence = Math.Max((ulong)now.ToUnixTimeMilliseconds(), own.Sequence + 1);
        return writer.Write(own.Claim, dialAddresses, own.Sequence, now, lifetime, isReleased);
    }

    [LoggerMessage(5, LogLevel.Warning, "Network {Network}: another peer has the better claim to our address {VirtualIp} in the hash table. We do not publish it.")]
    private static partial void LogRefused(ILogger logger, string network, VirtualIp virtualIp);

    [LoggerMessage(6, LogLevel.Error, "Network {Network}: the record of {VirtualIp} could not be stored.")]
    private static partial void LogPublishFailed(ILogger logger, Exception exception, string network, VirtualIp virtualIp);

    [LoggerMessage(7, LogLevel.Debug, "Network {Network}: not everybody could be told that we go: {Reason}")]
    private static partial void LogReleaseFailed(ILogger logger, string network, string reason);
}
