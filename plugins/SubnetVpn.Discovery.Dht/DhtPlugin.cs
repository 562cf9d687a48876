using SubnetVpn.Plugins;

namespace SubnetVpn.Discovery.Dht;

/// <summary>The plugin <c>discovery.dht</c>.</summary>
public sealed class DhtPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("discovery.dht");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<DhtOptions>();
        builder.AddDiscovery<DhtDiscovery>("dht");
    }
}
