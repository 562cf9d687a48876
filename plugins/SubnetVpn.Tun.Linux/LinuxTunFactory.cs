using Microsoft.Extensions.Logging;
using SubnetVpn.Tun.Linux.Device;
using SubnetVpn.Tun.Linux.Netlink;

namespace SubnetVpn.Tun.Linux;

/// <summary>
/// Makes TUN devices in the network namespace of the calling thread. Order: look for conflicts, make the device, MTU,
/// link-local off, addresses, up, routes. Everything hangs on the open file, so closing it undoes a failure midway.
/// </summary>
internal sealed partial class LinuxTunFactory(LinuxTunOptions options, ILogger<LinuxTunFactory> logger) : ITunDeviceFactory
{
    /// <inheritdoc/>
    /// <remarks>True also where <c>/dev/net/tun</c> is missing: the error that tells how to get it is worth more.</remarks>
    public bool IsSupported => OperatingSystem.IsLinux();

    /// <inheritdoc/>
    public ValueTask<ITunDevice> CreateAsync(TunSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Mtu, 68);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Mtu, PacketBuffer.MaxPacketLength);
        try
        {
            return ValueTask.FromResult<ITunDevice>(Create(settings, cancellationToken));
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<ITunDevice>(exception);
        }
    }

    private LinuxTunDevice Create(TunSettings settings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var routes = settings.Routes.Where(route => !settings.Addresses.Any(a => a.Subnet.Contains(route))).Distinct().ToList();
        using var netlink = new NetlinkSocket();
        var file = TunFile.Create(settings.Name, options.Offload);
        try
        {
            var index = HostTables.FindIndex(file.Name);
            ThrowOnConflict(netlink, settings, routes);
            cancellationToken.ThrowIfCancellationRequested();

            var link = new LinkConfigurator(netlink, file.Name, index);
            link.SetLink(settings.Mtu, options.QueueLength);
            if (link.TurnOffLinkLocal() is var error and not 0)
                LogLinkLocalKept(logger, file.Name, error);
            foreach (var address in settings.Addresses)
                link.AddAddress(address);
            link.BringUp();
            foreach (var route in routes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                link.AddRoute(route);
            }
            LogUp(logger, file.Name, settings.Mtu, file.Capabilities);
            return new LinuxTunDevice(file, settings.Mtu);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void ThrowOnConflict(NetlinkSocket netlink, TunSettings settings, List<IpPrefix> routes)
    {
        // The device is new and has none, so what is found is somebody else's.
        foreach (var held in HostTables.ReadAddresses(netlink))
            if (settings.Addresses.Any(a => a.Address == held.Address))
                throw TunFault.AddressInUse(held.Address, HostTables.FindName(held.InterfaceIndex));
        foreach (var held in HostTables.ReadRoutes(netlink))
            if (routes.Contains(held.Destination) || settings.Addresses.Any(a => a.Subnet == held.Destination))
                throw TunFault.RouteInUse(held.Destination, held.InterfaceIndex == 0 ? null : HostTables.FindName(held.InterfaceIndex));
    }
}
