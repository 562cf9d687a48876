using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Nodes;

public sealed class AddSubnetVpnTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddSubnetVpn_WithAFile_RunsWithTheHost()
    {
        using var folder = new TemporaryFolder();
        var inputs = new ConfigurationInputs { File = folder.Write("node.yaml", TestNodes.Alone()) };
        await using var provider = new ServiceCollection().AddSubnetVpn(inputs).BuildServiceProvider();
        var service = Assert.Single(provider.GetServices<IHostedService>());

        await service.StartAsync(Cancellation);
        var running = provider.GetRequiredService<SubnetVpnNode>().State;
        await service.StopAsync(Cancellation);

        Assert.Equal(VpnServiceState.Running, running);
        Assert.Equal(VpnServiceState.Stopped, provider.GetRequiredService<SubnetVpnNode>().State);
    }

    [Fact]
    public async Task AddSubnetVpn_WithASectionOfTheApplication_RunsWithTheHost()
    {
        using var folder = new TemporaryFolder();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:Level"] = "not ours",
            ["vpn:node:listen:0"] = "/ip4/127.0.0.1/tcp/0",
            ["vpn:vpn:virtual_ip"] = "10.77.0.1",
            ["vpn:vpn:strategies:tun"] = "memory",
        }).Build();
        await using var provider = new ServiceCollection().AddSubnetVpn(configuration.GetSection("vpn"), folder.FullPath).BuildServiceProvider();

        await Assert.Single(provider.GetServices<IHostedService>()).StartAsync(Cancellation);

        Assert.Equal(VpnServiceState.Running, provider.GetRequiredService<SubnetVpnNode>().State);
        Assert.True(File.Exists(folder.File("identity.key")));
    }

    [Fact]
    public async Task AddSubnetVpn_WrongConfiguration_TellsPathsOfTheApplication()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["vpn:vpn:virtual_ip"] = "10.77.0.300",
            ["vpn:node:listen:0"] = "x",
        }).Build();
        await using var provider = new ServiceCollection().AddSubnetVpn(configuration.GetSection("vpn")).BuildServiceProvider();

        var exception = Assert.Throws<ConfigurationException>(provider.GetServices<IHostedService>);

        Assert.Contains("vpn:vpn:virtual_ip: '10.77.0.300'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("vpn:node:listen:0: 'x'", exception.Message, StringComparison.Ordinal);
    }
}
