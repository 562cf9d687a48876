using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Addresses;

/// <summary>Another peer that claims an address of this node.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Source">Who says so: a discovery source, <c>registry</c>, or <c>hello</c> for the peer itself.</param>
/// <param name="Trust">How far that can be trusted.</param>
/// <param name="IsAutomatic">Whether the peer chose the address by itself.</param>
public sealed record AddressRival(PeerId Peer, string Source, MappingTrust Trust, bool IsAutomatic);
