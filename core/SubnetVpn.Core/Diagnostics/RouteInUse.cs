using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Diagnostics;

/// <summary>The route that packets to an address take.</summary>
/// <param name="Prefix">The address, or the subnet that holds it.</param>
/// <param name="Mapping">The mapping that it comes from.</param>
/// <param name="Since">When its source last told it.</param>
public sealed record RouteInUse(IpPrefix Prefix, PeerMapping Mapping, DateTimeOffset Since);
