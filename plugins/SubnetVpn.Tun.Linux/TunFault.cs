using SubnetVpn.Tun.Linux.Device;
using SubnetVpn.Tun.Linux.Native;

namespace SubnetVpn.Tun.Linux;

/// <summary>What an operator reads when a device cannot be made: what, where, and how to mend it.</summary>
internal static class TunFault
{
    private const string Rights = "Run as root, or give the executable CAP_NET_ADMIN (a container needs --cap-add NET_ADMIN).";

    public static VpnException InvalidName(string name, string fault) => new(
        VpnErrorReason.Tun, $"'{name}' is no name for a TUN device: {fault}. Change tun_name.");

    public static VpnException Open(int error) => error switch
    {
        Errno.EPERM or Errno.EACCES => new(
            VpnErrorReason.Permission, $"Cannot open {TunFile.Path}: {Errno.Describe(error)}. {Rights}"),
        Errno.ENOENT or Errno.ENODEV or Errno.ENXIO => new(
            VpnErrorReason.Tun,
            $"This system has no {TunFile.Path}: {Errno.Describe(error)}. Load the driver with 'modprobe tun'; a container needs --device {TunFile.Path}."),
        _ => new(VpnErrorReason.Tun, $"Cannot open {TunFile.Path}: {Errno.Describe(error)}."),
    };

    public static VpnException Attach(string? name, int error) => error switch
    {
        Errno.EPERM or Errno.EACCES => new(
            VpnErrorReason.Permission, $"Cannot make the TUN device{Named(name)}: {Errno.Describe(error)}. {Rights}"),
        Errno.EBUSY => new(
            VpnErrorReason.Tun,
            $"A network interface '{name}' exists already. Choose another tun_name, or remove it with 'ip link delete {name}'."),
        _ => new(VpnErrorReason.Tun, $"Cannot make the TUN device{Named(name)}: {Errno.Describe(error)}."),
    };

    public static VpnException Control(string control, int error) => new(
        VpnErrorReason.Tun, $"The TUN driver refused {control}: {Errno.Describe(error)}. Set 'offload: false' under plugins: tun.linux.");

    public static VpnException Netlink(string what, int error) => error is Errno.EPERM or Errno.EACCES
        ? new(VpnErrorReason.Permission, $"Cannot {what}: {Errno.Describe(error)}. {Rights}")
        : new(VpnErrorReason.Tun, $"Cannot {what}: {Errno.Describe(error)}.");

    public static VpnException AddressInUse(VirtualIp address, string interfaceName) => new(
        VpnErrorReason.Tun,
        $"This host has the address {address} already, on the interface {interfaceName}. Choose another virtual IP, or remove it with 'ip address del {address} dev {interfaceName}'.");

    public static VpnException NoIPv6(TunAddress address, string device, int error) => new(
        VpnErrorReason.Tun,
        $"Cannot give {device} the address {address}: {Errno.Describe(error)}. IPv6 is off on this host: turn it on with 'sysctl net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0', or leave virtual_ip6 out.");

    public static VpnException RouteInUse(IpPrefix route, string? interfaceName) => new(
        VpnErrorReason.Tun,
        interfaceName is null
            ? $"The host has a route to {route} already, without an interface. Take it out of the network's subnet and routes, or remove it with 'ip route del {route}'."
            : $"The host has a route to {route} already, on the interface {interfaceName}. Take it out of the network's subnet and routes, or remove it with 'ip route del {route} dev {interfaceName}'.");

    private static string Named(string? name) => name is null ? string.Empty : $" '{name}'";
}
