using SubnetVpn.Plugins;

namespace SubnetVpn.Tun.Memory;

/// <summary>Offers <c>tun: memory</c>.</summary>
public sealed class MemoryTunPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("tun.memory");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<MemoryTunOptions>();
        builder.AddTun<MemoryTunFactory>("memory");
    }
}
