using SubnetVpn.Discovery;
using SubnetVpn.Plugins;
using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Libp2p;

/// <summary>The plugin <c>transport.libp2p</c>.</summary>
public sealed class Libp2pTransportPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("transport.libp2p");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<Libp2pTransportOptions>();
        builder.AddTransport<Libp2pTransport>("libp2p", typeof(IRecordStore), typeof(IAnnouncedAddresses));
    }
}
