using SubnetVpn.Plugins;

namespace SubnetVpn.Discovery.Mdns;

/// <summary>The plugin <c>discovery.mdns</c>.</summary>
public sealed class MdnsPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("discovery.mdns");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<MdnsOptions>();
        builder.AddDiscovery<MdnsDiscovery>("mdns");
    }
}
