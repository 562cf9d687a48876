using Microsoft.Extensions.Logging;
using SubnetVpn.Tun.Linux.Device;
using SubnetVpn.Tun.Linux.Native;
using SubnetVpn.Tun.Linux.Netlink;

namespace SubnetVpn.Tun.Linux;

/// <summary>
/// Makes TUN devices in the network namespace of the calling thread. Order: look for conflicts, make the device, MTU,
/// link-local off, addresses, up, routes. Everything hangs on the open file, so closing it undoes a failure midway.
/// </summary>
internal sealed partial class LinuxTunFactory(LinuxTunOptions options, ILogger<LinuxTunFactory> logger) : ITunDeviceFactory
{
    // One millisecond apart. It takes less than one, more on a busy machine.
    private const int LooksForAddress = 2_000;

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
            foreach (var address in settings.Addresses)
                WaitUntilLocal(netlink, file.Name, address.Address, cancellationToken);
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

    /// <summary>
    /// The kernel makes an IPv6 address effective on a work queue of its own (<c>addrconf_dad_work</c> in
    /// <c>net/ipv6/addrconf.c</c>, also without duplicate address detection). Until then it drops packets for the address.
    /// </summary>
    private void WaitUntilLocal(NetlinkSocket netlink, string device, VirtualIp address, CancellationToken cancellationToken)
    {
        if (address.IsIPv4)
            return;
        for (var look = 0; !HostTables.IsLocal(netlink, address); look++)
        {
            if (look == LooksForAddress)
            {
                // Usable or not, that is the host's doing, such as a rule before the local table.
                LogAddressNotLocal(logger, device, address);
                return;
            }
            cancellationToken.ThrowIfCancellationRequested();
            Poll.Wait([], 1);
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
