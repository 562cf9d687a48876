using Microsoft.Extensions.Logging;

namespace SubnetVpn.Discovery.Dht.Lookups;

/// <summary>
/// One lookup for an address at a time, shared by all who ask meanwhile, and few at once. Who stops waiting does not stop it for the
/// others. Thread-safe.
/// </summary>
internal sealed partial class SharedLookups(RecordSearch search, DhtStore store, AnswerCache cache, TimeProvider time, ILogger logger, string network) : IAsyncDisposable
{
    private const int MaxAtOnce = 16;

    // Beyond those under way.
    private const int MaxWaiting = 256;

    // The host gives up earlier; what comes after that serves its next question.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<VirtualIp, Task<Answer>> _running = [];
    private readonly SemaphoreSlim _slots = new(MaxAtOnce);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Asks the table, or waits for the answer to somebody who has.</summary>
    public Task<Answer> AskAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        Task<Answer>? running;
        lock (_gate)
        {
            if (!_running.TryGetValue(address, out running))
            {
                if (_running.Count >= MaxAtOnce + MaxWaiting || _stopping.IsCancellationRequested)
                    return Task.FromResult(Failed("too many addresses are being looked up."));
                running = Task.Run(() => RunAsync(address), CancellationToken.None);
                _running.Add(address, running);
            }
        }
        return running.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] running;
        lock (_gate)
            running = [.. _running.Values];
        await Task.WhenAll(running);
        _slots.Dispose();
        _stopping.Dispose();
    }

    private async Task<Answer> RunAsync(VirtualIp address)
    {
        Answer answer;
        try
        {
            await _slots.WaitAsync(_stopping.Token);
            try
            {
                answer = await AskStoreAsync(address);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            answer = Failed("the network is stopping.");
        }
        // What it learned is known before the next one may ask.
        answer = cache.Put(address, answer);
        lock (_gate)
            _running.Remove(address);
        return answer;
    }

    private async Task<Answer> AskStoreAsync(VirtualIp address)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        try
        {
            var record = await search.FindAsync(address, both.Token);
            return record is null && store.IsAlone && store.ExpectsPeers
                ? Failed("no node of the hash table answers.")
                : new Answer(record, time.GetTimestamp());
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Failed(FormattableString.Invariant($"no answer of the hash table within {s_limit.TotalSeconds:0} s."));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            // A store is another plugin's: it may throw anything, also that it was cancelled.
            LogLookupFailed(logger, exception, network, address);
            return Failed(exception.Message);
        }
    }

    private Answer Failed(string detail) => new(null, time.GetTimestamp(), detail);

    [LoggerMessage(10, LogLevel.Error, "Network {Network}: the hash table could not be asked for {VirtualIp}.")]
    private static partial void LogLookupFailed(ILogger logger, Exception exception, string network, VirtualIp virtualIp);
}
