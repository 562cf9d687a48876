using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.Registry.Static;

/// <summary>The plugin <c>registry.static</c>.</summary>
public sealed class StaticRegistryPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("registry.static");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<StaticRegistryOptions>();
        builder.AddRegistry<StaticRegistry>("static");
    }
}
