using Autofac;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Composition;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Tests.Support;

/// <summary>Composes as a host does: a root container, and scopes of networks in it.</summary>
internal static class NetworkScope
{
    public static IContainer BuildRoot(PluginCatalog catalog, ILoggerFactory? loggerFactory = null)
    {
        var builder = new ContainerBuilder();
        builder.RegisterInstance(loggerFactory ?? NullLoggerFactory.Instance).As<ILoggerFactory>().ExternallyOwned();
        builder.RegisterInstance(TimeProvider.System);
        builder.RegisterModule(new PluginModule(catalog));
        return builder.Build();
    }

    public static ILifetimeScope BeginNetwork(this ILifetimeScope root, string name, params SelectedStrategy[] strategies) =>
        root.BeginLifetimeScope(ScopeTags.Network, builder =>
        {
            builder.RegisterInstance(ContextOf(name));
            foreach (var strategy in strategies)
                builder.RegisterStrategy(strategy);
        });

    public static SelectedStrategy Take(this PluginCatalog catalog, StrategyKind kind, string name)
    {
        var selection = catalog.Select(kind, name);
        Assert.True(selection.IsSelected, selection.Error?.Message);
        return selection.Strategy;
    }

    public static string Refusal(this PluginCatalog catalog, StrategyKind kind, string name, SelectionFailure failure)
    {
        var selection = catalog.Select(kind, name);
        Assert.False(selection.IsSelected);
        Assert.Equal(failure, selection.Error.Failure);
        return selection.Error.Message;
    }

    public static NetworkContext ContextOf(string name) => new()
    {
        Name = name,
        LocalPeer = default,
        VirtualIps = [VirtualIp.Parse("10.0.0.1")],
        Subnets = [IpPrefix.Parse("10.0.0.0/24")],
        Mtu = 1400,
    };
}
