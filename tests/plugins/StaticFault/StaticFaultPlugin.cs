using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.StaticFault;

public sealed class StaticFaultPlugin : IPlugin
{
    private static readonly PluginId s_id = PluginId.Parse("Not An Id");

    public PluginId Id => s_id;

    public void Configure(IPluginBuilder builder)
    {
    }
}
