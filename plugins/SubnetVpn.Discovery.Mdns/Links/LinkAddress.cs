namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>An address of an interface in the real network.</summary>
/// <param name="Address">The address.</param>
/// <param name="Subnet">The subnet that is on the link.</param>
internal readonly record struct LinkAddress(VirtualIp Address, IpPrefix Subnet);
