using SubnetVpn.Plugins;
using SubnetVpn.Streams;

namespace SubnetVpn.Scheduling.Sticky;

/// <summary>The plugin <c>scheduling.sticky</c>.</summary>
public sealed class StickySchedulerPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("scheduling.sticky");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder) => builder.AddScheduler<StickyScheduler>("sticky");
}
