using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Resilience;

namespace SubnetVpn.Core;

public sealed partial class VpnService : IVpnMaintenance
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<ResilienceKey, CircuitSnapshot>? ResetPeer(PeerId peer)
    {
        if (_run?.FindPeer(peer) is not { } session)
            return null;
        var closed = new Dictionary<ResilienceKey, CircuitSnapshot>();
        if (_dependencies.Resilience is ICircuitBreakers breakers)
        {
            foreach (var (key, circuit) in breakers.GetStates())
            {
                if (key.Target != peer.ToString())
                    continue;
                breakers.Reset(key);
                closed.Add(key, circuit);
            }
        }
        session.Streams.TryNow();
        return closed;
    }
}
