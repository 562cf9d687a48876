using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.Private2;

public sealed class PrivatePlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.private2");

    public void Configure(IPluginBuilder builder) => builder.AddRegistry<PrivateRegistry>("private2");
}
