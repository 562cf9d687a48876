using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.Good;

public sealed class GoodPlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.good");

    public void Configure(IPluginBuilder builder)
    {
        // A record store is what the registry offers to others, as a transport would.
        builder.AddStrategy(new StrategyDescriptor(StrategyKind.Registry, "good", typeof(IAddressRegistry), typeof(GoodRegistry)) { Offers = [typeof(IRecordStore)] });
        builder.AddDiscovery<FirstDiscovery>("first");
        builder.AddDiscovery<SecondDiscovery>("second");
    }
}
