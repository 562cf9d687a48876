using Microsoft.Extensions.Hosting;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Hosting;

/// <summary>Starts and stops a node with the host that it is embedded in.</summary>
internal sealed class SubnetVpnHostedService(SubnetVpnNode node) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => node.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => node.StopAsync(cancellationToken);
}
