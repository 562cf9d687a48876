namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>A route of the main table.</summary>
/// <param name="Destination">Where to.</param>
/// <param name="InterfaceIndex">Through which interface; 0 when through none or several.</param>
internal readonly record struct HostRoute(IpPrefix Destination, int InterfaceIndex);
