using SubnetVpn.Plugins.Tests.TunLinux;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;

namespace SubnetVpn.Plugins.Tests.TunMemory;

[Collection(AloneCollection.Name)]
public sealed class MemoryTunConformanceTests : TunDeviceConformance
{
    protected override async ValueTask<TunHarness> CreateAsync(TunSettings settings) => await MemoryTunHarness.CreateAsync(settings);
}
