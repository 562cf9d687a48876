using Microsoft.Extensions.DependencyInjection;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Hosting.Tests.Support;

/// <summary>What nodes of a test take from the process.</summary>
internal sealed class TestServices : IDisposable
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddLogging().AddMetrics().BuildServiceProvider();

    public NodeServices Node => NodeServices.From(_provider);

    public void Dispose() => _provider.Dispose();
}
