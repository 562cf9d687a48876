using SubnetVpn.Plugins;

namespace SubnetVpn.Tun.Linux;

/// <summary>Offers <c>tun: linux</c>.</summary>
public sealed class LinuxTunPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("tun.linux");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<LinuxTunOptions>();
        builder.AddTun<LinuxTunFactory>("linux");
    }
}
