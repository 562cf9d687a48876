using SubnetVpn;

namespace LeaseServer.Signing;

/// <summary>Remembers which requests there were for as long as they could be accepted again. Bounded. Thread-safe.</summary>
internal sealed class NonceMemory(TimeProvider time, TimeSpan lifetime)
{
    private const int MaxNonces = 100_000;

    // A node sends a handful in that time.
    private const int MaxNoncesOfPeer = 200;

    private readonly Lock _gate = new();
    private readonly HashSet<(PeerId Peer, string Nonce)> _seen = [];
    private readonly Queue<(PeerId Peer, string Nonce, long At)> _order = [];
    private readonly Dictionary<PeerId, int> _counts = [];

    /// <summary>What to make of a request that is well signed.</summary>
    public NonceVerdict Add(PeerId peer, string nonce)
    {
        lock (_gate)
        {
            Forget();
            if (_seen.Contains((peer, nonce)))
                return NonceVerdict.Replayed;
            var count = _counts.GetValueOrDefault(peer);
            if (count >= MaxNoncesOfPeer)
                return NonceVerdict.TooMany;
            // None is forgotten to make room: it could be used again.
            if (_order.Count >= MaxNonces)
                return NonceVerdict.Full;
            _seen.Add((peer, nonce));
            _order.Enqueue((peer, nonce, time.GetTimestamp()));
            _counts[peer] = count + 1;
            return NonceVerdict.New;
        }
    }

    private void Forget()
    {
        while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > lifetime)
        {
            _order.Dequeue();
            _seen.Remove((oldest.Peer, oldest.Nonce));
            if (--_counts[oldest.Peer] == 0)
                _counts.Remove(oldest.Peer);
        }
    }
}
