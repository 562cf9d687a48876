using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.WithOptions;

public sealed class OptionsPlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.options");

    public void Configure(IPluginBuilder builder)
    {
        builder.AddOptions<TimingOptions>();
        builder.AddOptions<PeersOptions>();
        builder.AddRegistry<OptionsRegistry>("options");
    }
}
