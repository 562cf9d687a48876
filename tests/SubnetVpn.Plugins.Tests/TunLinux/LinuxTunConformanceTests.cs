using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;

namespace SubnetVpn.Plugins.Tests.TunLinux;

[Collection(AloneCollection.Name)]
public sealed class LinuxTunConformanceTests : TunDeviceConformance
{
    protected override ValueTask<TunHarness> CreateAsync(TunSettings settings)
    {
        RootRequired.Check();
        return ValueTask.FromResult<TunHarness>(new LinuxTunHarness(settings, Host.ToIPAddress(), Remote.ToIPAddress(), 7777));
    }
}
