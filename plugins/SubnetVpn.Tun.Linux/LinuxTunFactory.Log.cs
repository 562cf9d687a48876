using Microsoft.Extensions.Logging;

namespace SubnetVpn.Tun.Linux;

internal sealed partial class LinuxTunFactory
{
    [LoggerMessage(1, LogLevel.Information, "TUN device {Device} is up: MTU {Mtu}, offloads: {Offloads}.")]
    private static partial void LogUp(ILogger logger, string device, int mtu, TunCapabilities offloads);

    [LoggerMessage(2, LogLevel.Debug, "TUN device {Device} keeps IPv6 link-local addresses (error {Error}): the host has no IPv6.")]
    private static partial void LogLinkLocalKept(ILogger logger, string device, int error);

    [LoggerMessage(3, LogLevel.Warning, "TUN device {Device} has the address {VirtualIp}, but this host has no local route to it yet; packets for it may be lost.")]
    private static partial void LogAddressNotLocal(ILogger logger, string device, VirtualIp virtualIp);
}
