using SubnetVpn.Plugins;
using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Memory;

/// <summary>The plugin <c>transport.memory</c>.</summary>
public sealed class MemoryTransportPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("transport.memory");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<MemoryTransportOptions>();
        builder.AddTransport<MemoryTransport>("memory");
    }
}
