namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>An address that an interface of this host has.</summary>
internal readonly record struct HostAddress(VirtualIp Address, int InterfaceIndex);
