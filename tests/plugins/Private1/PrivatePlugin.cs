using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.Private1;

public sealed class PrivatePlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.private1");

    public void Configure(IPluginBuilder builder) => builder.AddRegistry<PrivateRegistry>("private1");
}
