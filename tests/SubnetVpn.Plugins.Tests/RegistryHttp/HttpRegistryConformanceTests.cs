using LeaseServer.Leases;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Discovery;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

public sealed class HttpRegistryConformanceTests : AddressRegistryConformance, IAsyncDisposable
{
    private LeaseLab? _lab;

    protected override async ValueTask<IAddressRegistry> CreateAsync()
    {
        _lab = await LeaseLab.StartAsync();
        foreach (var (address, peer) in Registered)
            Assert.Equal(LeaseVerdict.Granted, _lab.Server.Give(address.ToString(), peer));
        return _lab.CreateNode("10.0.0.9").Registry;
    }

    public ValueTask DisposeAsync() => _lab?.DisposeAsync() ?? ValueTask.CompletedTask;
}
