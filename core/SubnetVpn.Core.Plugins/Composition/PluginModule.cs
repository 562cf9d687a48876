using Autofac;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Plugins.Catalog;

namespace SubnetVpn.Core.Plugins.Composition;

/// <summary>
/// What strategies need of the root container beside the services of the host (<see cref="ILoggerFactory"/>,
/// <see cref="TimeProvider"/>, <c>IMeterFactory</c>, <c>INodeIdentity</c>, <c>IPacketPool</c>): <see cref="ILogger{T}"/>, and
/// the catalog.
/// </summary>
/// <param name="catalog">The catalog; whoever opened it disposes of it, after the container.</param>
public sealed class PluginModule(PluginCatalog catalog) : Module
{
    /// <inheritdoc/>
    protected override void Load(ContainerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.RegisterInstance(catalog).ExternallyOwned();
        // Not single: the root would hold on to types of plugins after their network is gone.
        builder.RegisterGeneric(typeof(Logger<>)).As(typeof(ILogger<>)).InstancePerDependency();
    }
}
