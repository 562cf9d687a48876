using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux.Netlink;

namespace SubnetVpn.Plugins.Tests.TunLinux;

public sealed class LinuxTunRouteTests : IDisposable
{
    private readonly NetworkNamespace _place;

    public LinuxTunRouteTests()
    {
        RootRequired.Check();
        _place = NetworkNamespace.Create();
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Create_WithRoutes_RoutesThemAndItsSubnetsToTheDevice()
    {
        await using var device = LinuxTun.Create(_place, SettingsWith("10.90.0.0/16", "192.0.2.7/32", "2001:db8:1::/48"));

        Assert.Equal(
            ["10.79.0.0/24", "10.90.0.0/16", "192.0.2.7/32", "2001:db8:1::/48", "fd79::/64"],
            RoutesOf(device.Name));
    }

    [Fact]
    public async Task Create_RouteInsideItsOwnSubnetOrTwice_AddsItOnce()
    {
        await using var device = LinuxTun.Create(_place, SettingsWith("10.79.0.0/24", "10.79.0.128/25", "10.90.0.0/16", "10.90.0.0/16"));

        Assert.Equal(["10.79.0.0/24", "10.90.0.0/16", "fd79::/64"], RoutesOf(device.Name));
    }

    [Fact]
    public async Task Create_RouteWiderThanItsSubnet_AddsIt()
    {
        await using var device = LinuxTun.Create(_place, SettingsWith("10.0.0.0/8", "0.0.0.0/0", "::/0"));

        Assert.Equal(["0.0.0.0/0", "10.0.0.0/8", "10.79.0.0/24", "::/0", "fd79::/64"], RoutesOf(device.Name));
    }

    [Fact]
    public async Task Dispose_RemovesRoutesAddressesAndDevice()
    {
        var device = LinuxTun.Create(_place, SettingsWith("10.90.0.0/16", "2001:db8:1::/48"));

        await device.DisposeAsync();

        Assert.Equal(0, _place.Run(() => HostTables.FindIndex(device.Name)));
        Assert.Empty(Tables(HostTables.ReadRoutes));
        Assert.DoesNotContain(Tables(HostTables.ReadAddresses), held => held.Address == VirtualIp.Parse("10.79.0.1"));
    }

    [Theory]
    [InlineData("10.90.0.0/16")]
    [InlineData("2001:db8:1::/48")]
    public async Task Create_RouteThatAnotherInterfaceHas_NamesBothAndLeavesNothing(string route)
    {
        await using var other = LinuxTun.Create(_place, SettingsWith(route));
        var settings = LinuxTun.Settings("second", 1400, "10.80.0.1/24") with { Routes = [IpPrefix.Parse(route)] };

        var thrown = Assert.Throws<VpnException>(() => LinuxTun.Create(_place, settings));

        Assert.Equal(VpnErrorReason.Tun, thrown.Reason);
        Assert.Contains(route, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(other.Name, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, _place.Run(() => HostTables.FindIndex("second")));
    }

    [Theory]
    [InlineData("10.79.0.2/24", "10.79.0.0/24")]
    [InlineData("fd79::2/64", "fd79::/64")]
    public async Task Create_SubnetThatAnotherInterfaceHas_NamesBoth(string address, string subnet)
    {
        await using var other = LinuxTun.Create(_place, SettingsWith());

        var thrown = Assert.Throws<VpnException>(() => LinuxTun.Create(_place, LinuxTun.Settings("second", 1400, address)));

        Assert.Contains(subnet, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(other.Name, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_IPv6Address_IsEffectiveAtOnce()
    {
        // Repeated, because the kernel makes it so a little later, and sometimes soon enough by itself.
        for (var i = 0; i < 20; i++)
        {
            var (device, isLocal) = _place.Run(() =>
            {
                var creating = LinuxTun.Factory().CreateAsync(SettingsWith(), CancellationToken.None);
                using var netlink = new NetlinkSocket();
                return (creating.GetAwaiter().GetResult(), HostTables.IsLocal(netlink, VirtualIp.Parse("fd79::1")));
            });
            await device.DisposeAsync();

            Assert.True(isLocal);
        }
    }

    private static TunSettings SettingsWith(params string[] routes) =>
        LinuxTun.Settings("first", 1400, "10.79.0.1/24", "fd79::1/64") with { Routes = [.. routes.Select(IpPrefix.Parse)] };

    private List<string> RoutesOf(string device) => _place.Run(() =>
    {
        using var netlink = new NetlinkSocket();
        var index = HostTables.FindIndex(device);
        return HostTables.ReadRoutes(netlink)
            // Every interface has this one where the kernel keeps multicast in the main table.
            .Where(route => route.InterfaceIndex == index && route.Destination != IpPrefix.Parse("ff00::/8"))
            .Select(route => route.Destination.ToString())
            .Order(StringComparer.Ordinal)
            .ToList();
    });

    private List<T> Tables<T>(Func<NetlinkSocket, List<T>> read) => _place.Run(() =>
    {
        using var netlink = new NetlinkSocket();
        return read(netlink);
    });
}
