namespace SubnetVpn.Core.Inbound;

/// <summary>
/// Keeps flows in order that move from one stream of a peer to another. The streams of a peer are read in parallel, so what an
/// ended one still holds could be overtaken: the opener says on the streams it goes on with which one has ended (a fence), and
/// from then on nothing of that one is delivered. Thread-safe.
/// </summary>
internal sealed class StreamOrder
{
    // What is remembered of streams that are over, so that a late one is refused: far more than a peer can have under way.
    private const int MaxOver = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, InboundStream> _live = [];
    private readonly Dictionary<ulong, long?> _over = [];
    private readonly Queue<ulong> _overInOrder = [];

    /// <summary>Whether there is something that must not be forgotten.</summary>
    public bool IsInUse
    {
        get
        {
            lock (_gate)
                return _over.Count > 0;
        }
    }

    /// <summary>A stream has told its number. False when it is over already, or the number is taken.</summary>
    public bool TryBegin(ulong number, InboundStream stream)
    {
        lock (_gate)
            return !_over.ContainsKey(number) && _live.TryAdd(number, stream);
    }

    /// <summary>A stream delivers no more.</summary>
    /// <param name="number">The number it began with.</param>
    /// <param name="packets">Packets that were read of it.</param>
    public void End(ulong number, long packets)
    {
        lock (_gate)
        {
            _live.Remove(number);
            Remember(number, packets);
        }
    }

    /// <summary>Ends a stream, and waits until it delivers no more.</summary>
    /// <returns>Packets that were read of it; null when it is not known.</returns>
    public async ValueTask<long?> EndAsync(ulong number, CancellationToken cancellationToken)
    {
        Task ended;
        lock (_gate)
        {
            if (_over.TryGetValue(number, out var packets))
                return packets;
            if (!_live.TryGetValue(number, out var stream))
            {
                // It may still be on its way to us.
                Remember(number, null);
                return null;
            }
            ended = stream.EndAsync();
        }
        await ended.WaitAsync(cancellationToken);
        lock (_gate)
            return _over.GetValueOrDefault(number);
    }

    private void Remember(ulong number, long? packets)
    {
        if (!_over.TryAdd(number, packets))
            return;
        _overInOrder.Enqueue(number);
        if (_overInOrder.Count > MaxOver)
            _over.Remove(_overInOrder.Dequeue());
    }
}
