using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Diagnostics;

/// <summary>An address or a subnet that a source gives to a peer, and that is not routed to it.</summary>
/// <param name="Prefix">The address or the subnet.</param>
/// <param name="Peer">The peer that would hold it.</param>
/// <param name="Source">Who says so.</param>
/// <param name="Trust">How far that can be trusted.</param>
/// <param name="Reason">Why it is not routed.</param>
/// <param name="Holder">The peer that holds it instead; null where none does.</param>
public sealed record RefusedClaim(IpPrefix Prefix, PeerId Peer, string Source, MappingTrust Trust, MappingRefusal Reason, PeerId? Holder);
