namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/peers/{peer}/reset</c>.</summary>
/// <param name="Peer">The peer id.</param>
/// <param name="Networks">The networks that know the peer.</param>
/// <param name="Circuits">The circuit breakers that were closed by hand, as they were before; those that had nothing to forget are left out.</param>
public sealed record PeerReset(string Peer, IReadOnlyList<string> Networks, IReadOnlyList<ResetCircuit> Circuits);
