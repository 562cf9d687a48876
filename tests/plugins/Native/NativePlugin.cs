using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.Native;

public sealed class NativePlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.native");

    public void Configure(IPluginBuilder builder) => builder.AddRegistry<NativeRegistry>("native");
}
