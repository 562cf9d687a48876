using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.Several;

public sealed class OtherPlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.several");

    public void Configure(IPluginBuilder builder)
    {
    }
}
