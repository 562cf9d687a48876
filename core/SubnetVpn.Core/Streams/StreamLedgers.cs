using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Streams;

/// <summary>The ledgers of a network by peer. Thread-safe.</summary>
internal sealed class StreamLedgers(VpnMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, StreamLedger> _ledgers = [];

    /// <summary>The ledger of a peer: the same one for every session with it.</summary>
    public StreamLedger Of(PeerId peer)
    {
        lock (_gate)
        {
            if (!_ledgers.TryGetValue(peer, out var ledger))
                _ledgers[peer] = ledger = new StreamLedger(metrics);
            return ledger;
        }
    }

    /// <summary>Nobody will answer any more.</summary>
    public void GiveUp()
    {
        lock (_gate)
            foreach (var ledger in _ledgers.Values)
                ledger.GiveUp();
    }
}
