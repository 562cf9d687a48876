using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Validation;

namespace SubnetVpn.Discovery.Dht.Original;

/// <summary>
/// The records of the original network, of an open network of ours: writes our own, and reads those of peers that are known by name, which
/// is all that they can be looked up by. Thread-safe.
/// </summary>
internal sealed partial class OriginalRecords(
    DhtStore store, IReadOnlyDictionary<PeerId, IReadOnlyList<string>> known, INodeIdentity identity, IEd25519 ed25519, DhtOptions options, DhtCounters counters,
    TimeProvider time, ILogger logger, string network) : IDisposable
{
    private const int MaxAtOnce = 8;

    // All peers together; the host waits for 10 s.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<PeerId, (OriginalRecord? Record, long At)> _answers = [];
    private OriginalValidator? _validator;
    private IDisposable? _membership;
    private bool _isRefused;

    /// <summary>Stores which address we hold. One network of a node does: there is one record a peer.</summary>
    public async Task PublishAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        if (!TryJoin() || _validator?.IsFirst(counters) == false)
            return;
        try
        {
            await store.Open().PutAsync(OriginalRecord.KeyOf(identity.Id), OriginalRecord.Write(address, time.GetUtcNow(), identity), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A store is another plugin's: it may throw anything.
            LogPublishFailed(logger, exception, network);
        }
    }

    /// <summary>The known peer that holds an address, and where to dial it; null when none says so.</summary>
    public async Task<(OriginalRecord Record, IReadOnlyList<string> DialAddresses)?> FindAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        if (known.Count == 0 || !TryJoin())
            return null;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await RefreshAsync(cancellationToken);
            // Two that claim one address: the newer one, as everywhere in the original.
            var found = _answers.Values.Select(static answer => answer.Record).OfType<OriginalRecord>()
                .Where(record => record.Address == address && record.Issued + OriginalRecord.Lifetime > time.GetUtcNow())
                .MaxBy(static record => (record.Issued, record.Peer.ToString()));
            return found is null ? null : (found, known[found.Peer]);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isRefused = true;
            _membership?.Dispose();
        }
    }

    private bool TryJoin()
    {
        lock (_gate)
        {
            if (_membership is not null || _isRefused)
                return !_isRefused;
            try
            {
                _membership = SharedValidators<OriginalValidator, DhtCounters>.Join(store.Open(), counters, () => new OriginalValidator(ed25519, time), out _validator);
            }
            catch (VpnException exception)
            {
                _isRefused = true;
                LogRefused(logger, network, exception.Message);
            }
            return !_isRefused;
        }
    }

    // In turn.
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var due = known.Keys.Where(peer => !_answers.TryGetValue(peer, out var answer) || time.GetElapsedTime(answer.At) >= options.AnswerLifetime / 2).ToList();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken }, async (peer, _) =>
        {
            var record = await ReadAsync(peer, both.Token);
            lock (_gate)
            {
                // What holds is not lost because nobody has it just now.
                if (_answers.TryGetValue(peer, out var before) && before.Record is { } newer && !(record?.Issued > newer.Issued))
                    record = newer;
                _answers[peer] = (record, time.GetTimestamp());
            }
        });
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<OriginalRecord?> ReadAsync(PeerId peer, CancellationToken cancellationToken)
    {
        OriginalRecord? newest = null;
        try
        {
            var key = OriginalRecord.KeyOf(peer);
            await foreach (var value in store.Open().GetAsync(key, cancellationToken))
            {
                var refusal = OriginalRecord.TryRead(key, value, time.GetUtcNow(), ed25519, out var record);
                if (record is null)
                    counters.Refuse(refusal);
                else if (newest is null || record.Issued > newest.Issued)
                    newest = record;
            }
        }
        catch (OperationCanceledException)
        {
            // Too slow: asked again later. Whether the caller gave up, it sees by itself.
        }
        catch (Exception exception)
        {
            LogReadFailed(logger, exception, network, peer);
        }
        return newest;
    }

    [LoggerMessage(20, LogLevel.Error, "Network {Network}: our record for nodes of the original network could not be stored.")]
    private static partial void LogPublishFailed(ILogger logger, Exception exception, string network);

    [LoggerMessage(21, LogLevel.Warning, "Network {Network}: records of the original network are neither written nor read: {Reason}")]
    private static partial void LogRefused(ILogger logger, string network, string reason);

    [LoggerMessage(22, LogLevel.Error, "Network {Network}: the record of the original network of {PeerId} could not be asked for.")]
    private static partial void LogReadFailed(ILogger logger, Exception exception, string network, PeerId peerId);
}
