using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Discovery;
using SubnetVpn.Registry.Static;
using SubnetVpn.TestKit.Discovery;

namespace SubnetVpn.Plugins.Tests.RegistryStatic;

public sealed class StaticRegistryConformanceTests : AddressRegistryConformance, IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    protected override async ValueTask<IAddressRegistry> CreateAsync()
    {
        await File.WriteAllLinesAsync(_file, Registered.Select(static entry => $"{entry.Address}: {entry.Peer}"), TestContext.Current.CancellationToken);
        return new StaticRegistry(new StaticRegistryOptions { File = _file }, TimeProvider.System, NullLogger<StaticRegistry>.Instance);
    }

    public void Dispose() => File.Delete(_file);
}
