using SubnetVpn.Plugins.Tests.TunLinux;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Memory;

namespace SubnetVpn.Plugins.Tests.TunMemory;

[Collection(AloneCollection.Name)]
public sealed class MemoryTunOffloadConformanceTests : TunDeviceConformance
{
    protected override async ValueTask<TunHarness> CreateAsync(TunSettings settings) =>
        await MemoryTunHarness.CreateAsync(settings, new MemoryTunOptions { QueueLength = 1024, Offload = true });
}
