using SubnetVpn.Tun.Linux.Netlink;

namespace SubnetVpn.Plugins.Tests.TunLinux;

public sealed class LinuxTunFaultTests : IDisposable
{
    private readonly NetworkNamespace _place;

    public LinuxTunFaultTests()
    {
        RootRequired.Check();
        _place = NetworkNamespace.Create();
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Create_NameInUseByATunDevice_SaysSo()
    {
        await using var first = LinuxTun.Create(_place, LinuxTun.Settings("taken", 1400, "10.79.0.1/24"));

        var thrown = Assert.Throws<VpnException>(() => LinuxTun.Create(_place, LinuxTun.Settings("taken", 1400, "10.80.0.1/24")));

        Assert.Equal(VpnErrorReason.Tun, thrown.Reason);
        Assert.Contains("'taken' exists already", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NameInUseByAnotherInterface_SaysSo()
    {
        var thrown = Assert.Throws<VpnException>(() => LinuxTun.Create(_place, LinuxTun.Settings("lo", 1400, "10.80.0.1/24")));

        Assert.Contains("'lo' exists already", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters-")]
    [InlineData("übergroßer-name")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("tun%d")]
    public void Create_NameThatTheKernelWouldRefuse_NamesIt(string name)
    {
        var thrown = Assert.Throws<VpnException>(() => LinuxTun.Create(_place, LinuxTun.Settings(name, 1400, "10.80.0.1/24")));

        Assert.Contains($"'{name}' is no name", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("tun_name", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.79.0.1")]
    [InlineData("fd79::1")]
    public async Task Create_AddressThatAnotherInterfaceHas_NamesItAndLeavesNothing(string address)
    {
        await using var other = LinuxTun.Create(_place, LinuxTun.Settings("holder", 1400, "10.79.0.1/24", "fd79::1/64"));
        var length = address.Contains(':', StringComparison.Ordinal) ? 128 : 32;

        var thrown = Assert.Throws<VpnException>(() => LinuxTun.Create(_place, LinuxTun.Settings("second", 1400, $"{address}/{length}")));

        Assert.Equal(VpnErrorReason.Tun, thrown.Reason);
        Assert.Contains($"address {address} already, on the interface holder", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, _place.Run(() => HostTables.FindIndex("second")));
    }

    [Fact]
    public void Create_IPv6TurnedOff_SaysHowToTurnItOnAndLeavesNothing()
    {
        _place.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1"));

        var thrown = Assert.Throws<VpnException>(
            () => LinuxTun.Create(_place, LinuxTun.Settings("six0", 1400, "10.79.0.1/24", "fd79::1/64")));

        Assert.Equal(VpnErrorReason.Tun, thrown.Reason);
        Assert.Contains("sysctl", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("fd79::1/64", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, _place.Run(() => HostTables.FindIndex("six0")));
    }

    [Fact]
    public async Task Create_IPv6TurnedOffAndNotAsked_Works()
    {
        _place.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1"));

        await using var device = LinuxTun.Create(_place, LinuxTun.Settings("four0", 600, "10.79.0.1/24"));

        Assert.Equal(600, device.Mtu);
    }

    [Fact]
    public void Create_WithoutTheRight_SaysWhichAndHow()
    {
        var thrown = Assert.Throws<VpnException>(() => _place.Run(() =>
        {
            ThreadCapability.DropNetAdmin();
            return LinuxTun.Factory().CreateAsync(LinuxTun.Settings("rights0", 1400, "10.79.0.1/24"), CancellationToken.None)
                .AsTask().GetAwaiter().GetResult();
        }));

        Assert.Equal(VpnErrorReason.Permission, thrown.Reason);
        Assert.Contains("CAP_NET_ADMIN", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_Cancelled_ThrowsAndMakesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LinuxTun.Factory()
            .CreateAsync(LinuxTun.Settings("never0", 1400, "10.79.0.1/24"), new CancellationToken(canceled: true)).AsTask());

        Assert.Equal(0, HostTables.FindIndex("never0"));
    }
}
