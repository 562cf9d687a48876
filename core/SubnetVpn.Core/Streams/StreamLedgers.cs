using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Streams;

/// <summary>The ledgers of a network by peer. Thread-safe.</summary>
internal sealed class StreamLedgers(VpnMetrics metrics)
{
    // Peers that are gone, and of whose streams something is not accounted for.
    private const int MaxLeft = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, StreamLedger> _ledgers = [];
    private readonly Queue<PeerId> _left = [];
    private readonly Dictionary<PeerId, int> _sessions = [];

    /// <summary>A session with a peer begins. Its ledger is the same one for every session with it.</summary>
    public StreamLedger Begin(PeerId peer)
    {
        lock (_gate)
        {
            _sessions[peer] = _sessions.GetValueOrDefault(peer) + 1;
            if (!_ledgers.TryGetValue(peer, out var ledger))
                _ledgers[peer] = ledger = new StreamLedger(metrics);
            return ledger;
        }
    }

    /// <summary>A session with a peer is over; the next one may have begun.</summary>
    public void Leave(PeerId peer)
    {
        lock (_gate)
        {
            if (--_sessions[peer] > 0)
                return;
            _sessions.Remove(peer);
            _left.Enqueue(peer);
            while (_left.Count > MaxLeft)
                Forget(_left.Dequeue());
        }
    }

    /// <summary>Nobody will answer any more.</summary>
    public void GiveUp()
    {
        lock (_gate)
            foreach (var ledger in _ledgers.Values)
                ledger.GiveUp();
    }

    private void Forget(PeerId peer)
    {
        if (_sessions.ContainsKey(peer) || !_ledgers.Remove(peer, out var ledger))
            return;
        ledger.GiveUp();
    }
}
