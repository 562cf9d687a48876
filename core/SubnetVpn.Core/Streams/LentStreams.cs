using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>
/// Streams that embedders borrow to write to them themselves, beside those of the packet path: at most
/// <c>max_streams_per_peer</c> to a peer, kept for <c>stream_idle_timeout</c> when they come back healthy. Thread-safe.
/// </summary>
internal sealed class LentStreams(PeerStreamOpener opener, LiveSettings live, VpnMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, Shelf> _shelves = [];
    private readonly HashSet<Task> _replacements = [];
    private readonly CancellationTokenSource _stopping = new();
    private long _unhealthy;
    private bool _stopped;

    /// <summary>Streams that came back unhealthy.</summary>
    public long Unhealthy => Volatile.Read(ref _unhealthy);

    /// <summary>Lends a stream; see <see cref="IStreamPool.GetStreamAsync"/>.</summary>
    public async ValueTask<OpenStreamResult> GetAsync(PeerId peer, CancellationToken cancellationToken)
    {
        OpenStreamResult result;
        try
        {
            result = await TryGetAsync(peer, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = OpenStreamResult.Failed(OpenStreamFailure.Stopping, "The network is stopping.");
        }
        metrics.PoolAcquired(result.Stream is not null);
        return result;
    }

    /// <summary>Takes a stream back; see <see cref="IStreamPool.Release"/>.</summary>
    public void Release(IVpnStream stream, bool healthy)
    {
        lock (_gate)
        {
            // A network that stops has closed what it had lent.
            if (_stopped)
                return;
            if (!_shelves.TryGetValue(stream.Info.Peer, out var shelf) || !shelf.Lent.Remove(stream))
                throw new ArgumentException("The stream was not lent by this pool, or was given back already.", nameof(stream));
            if (healthy)
            {
                shelf.Free.Add((stream, time.GetTimestamp()));
                return;
            }
            _unhealthy++;
            Replace(stream, shelf, isWanted: true);
        }
    }

    /// <summary>Streams by peer, lent and free.</summary>
    public IReadOnlyList<KeyValuePair<PeerId, int>> GetCounts()
    {
        lock (_gate)
            return [.. _shelves.Select(static shelf => new KeyValuePair<PeerId, int>(shelf.Key, shelf.Value.Count))];
    }

    /// <summary>Closes what nobody borrowed for the idle timeout. Called at every cleanup interval.</summary>
    public void CloseIdle()
    {
        lock (_gate)
        {
            foreach (var (peer, shelf) in _shelves)
            {
                foreach (var (stream, _) in shelf.Free.Where(free => time.GetElapsedTime(free.Since) >= live.Current.StreamIdleTimeout).ToArray())
                {
                    shelf.Free.RemoveAll(free => ReferenceEquals(free.Stream, stream));
                    Replace(stream, shelf, isWanted: false);
                }
                if (shelf.Count == 0)
                    _shelves.Remove(peer);
            }
        }
    }

    /// <summary>Closes all of them, also those that are lent.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        Task[] replacements;
        IVpnStream[] streams;
        lock (_gate)
        {
            _stopped = true;
            streams = [.. _shelves.Values.SelectMany(static shelf => shelf.Lent.Concat(shelf.Free.Select(static free => free.Stream)))];
            _shelves.Clear();
            replacements = [.. _replacements];
        }
        foreach (var stream in streams)
            await stream.DisposeAsync();
        await Task.WhenAll(replacements);
    }

    private async ValueTask<OpenStreamResult> TryGetAsync(PeerId peer, CancellationToken cancellationToken)
    {
        Shelf? shelf;
        lock (_gate)
        {
            if (_stopped)
                return OpenStreamResult.Failed(OpenStreamFailure.Stopping, "The network is stopping.");
            if (!_shelves.TryGetValue(peer, out shelf))
                _shelves[peer] = shelf = new Shelf();
            if (shelf.Free.Count > 0)
            {
                var (stream, _) = shelf.Free[^1];
                shelf.Free.RemoveAt(shelf.Free.Count - 1);
                shelf.Lent.Add(stream);
                return OpenStreamResult.Opened(stream);
            }
            if (shelf.Count >= live.Current.MaxStreamsPerPeer)
                return OpenStreamResult.Failed(OpenStreamFailure.TooMany, $"All {shelf.Count} streams to {peer} are lent (max_streams_per_peer).");
            shelf.Opening++;
        }
        return await OpenAsync(peer, shelf, shelf.Lent.Add, cancellationToken);
    }

    private async ValueTask<OpenStreamResult> OpenAsync(PeerId peer, Shelf shelf, Func<IVpnStream, bool> put, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        OpenStreamResult result = default;
        try
        {
            result = await opener.OpenForLoanAsync(peer, either.Token);
        }
        finally
        {
            lock (_gate)
            {
                shelf.Opening--;
                if (result.Stream is { } opened && !_stopped)
                    put(opened);
            }
        }
        if (result.Stream is not { } stream || !_stopping.IsCancellationRequested)
            return result;
        await stream.DisposeAsync();
        return OpenStreamResult.Failed(OpenStreamFailure.Stopping, "The network is stopping.");
    }

    // Under the gate. Disposal does not fail.
    private void Replace(IVpnStream stream, Shelf shelf, bool isWanted)
    {
        if (isWanted)
            shelf.Opening++;
        _replacements.RemoveWhere(static task => task.IsCompleted);
        _replacements.Add(Task.Run(async () =>
        {
            await stream.DisposeAsync();
            if (isWanted)
                await RefillAsync(stream.Info.Peer, shelf);
        }));
    }

    private async Task RefillAsync(PeerId peer, Shelf shelf)
    {
        try
        {
            await OpenAsync(peer, shelf, stream => { shelf.Free.Add((stream, time.GetTimestamp())); return true; }, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private sealed class Shelf
    {
        public HashSet<IVpnStream> Lent { get; } = [];

        public List<(IVpnStream Stream, long Since)> Free { get; } = [];

        public int Opening { get; set; }

        public int Count => Lent.Count + Free.Count + Opening;
    }
}
