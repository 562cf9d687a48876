using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.Registry.Http;

/// <summary>The plugin <c>registry.http</c>.</summary>
public sealed class HttpRegistryPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("registry.http");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<HttpRegistryOptions>();
        builder.AddRegistry<HttpRegistry>("http");
    }
}
