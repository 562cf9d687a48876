using SubnetVpn.Tun;

namespace SubnetVpn.Plugins.Tests.TunMemory;

internal static class MemoryTunSettings
{
    public static readonly VirtualIp Own = VirtualIp.Parse("10.81.0.1");
    public static readonly VirtualIp Own6 = VirtualIp.Parse("fd81::1");
    public static readonly VirtualIp Peer = VirtualIp.Parse("10.81.0.2");
    public static readonly VirtualIp Peer6 = VirtualIp.Parse("fd81::2");

    public static TunSettings Default(string? name = null) =>
        new() { Name = name, Mtu = 1400, Addresses = [new TunAddress(Own, 24), new TunAddress(Own6, 64)] };
}
