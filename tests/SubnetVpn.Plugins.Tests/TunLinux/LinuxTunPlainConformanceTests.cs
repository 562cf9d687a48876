using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>With <c>offload: false</c>: no virtio net header on the file.</summary>
[Collection(AloneCollection.Name)]
public sealed class LinuxTunPlainConformanceTests : TunDeviceConformance
{
    protected override ValueTask<TunHarness> CreateAsync(TunSettings settings)
    {
        RootRequired.Check();
        return ValueTask.FromResult<TunHarness>(new LinuxTunHarness(
            settings, Host.ToIPAddress(), Remote.ToIPAddress(), 7777, new LinuxTunOptions { Offload = false }));
    }
}
