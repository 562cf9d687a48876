using SubnetVpn.Plugins;
using SubnetVpn.Streams;

namespace SubnetVpn.Scheduling.Multiplex;

/// <summary>The plugin <c>scheduling.multiplex</c>.</summary>
public sealed class MultiplexSchedulerPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("scheduling.multiplex");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder) => builder.AddScheduler<MultiplexScheduler>("multiplex");
}
