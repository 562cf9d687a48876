namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The last time that another peer claimed an address of this node.</summary>
/// <param name="Address">The address.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Source">Who said so: a discovery source, <c>registry</c>, or <c>hello</c> for the peer itself.</param>
/// <param name="Outcome">What this node did: <c>kept</c> it, <c>moved</c> to another, or <c>stopped</c> the network.</param>
/// <param name="At">When.</param>
/// <param name="Summary">All of it in a sentence.</param>
public sealed record AddressConflictStatus(string Address, string Peer, string Source, string Outcome, DateTimeOffset At, string Summary);
