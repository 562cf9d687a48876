using SubnetVpn.Resilience;

namespace SubnetVpn.Core.Diagnostics;

/// <summary>What an operator may do to a network that runs, for the control API. Thread-safe.</summary>
public interface IVpnMaintenance
{
    /// <summary>Closes the circuit breakers of a peer by hand, whatever the operation, and tries to reach it at once.</summary>
    /// <param name="peer">The peer.</param>
    /// <returns>The breakers that had something to forget, as they were before; null when the network does not run or does not know the peer.</returns>
    IReadOnlyDictionary<ResilienceKey, CircuitSnapshot>? ResetPeer(PeerId peer);
}
