using SubnetVpn.Plugins;

namespace SubnetVpn.Discovery.Static;

/// <summary>The plugin <c>discovery.static</c>.</summary>
public sealed class StaticDiscoveryPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("discovery.static");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<StaticDiscoveryOptions>();
        builder.AddDiscovery<StaticDiscovery>("static");
    }
}
