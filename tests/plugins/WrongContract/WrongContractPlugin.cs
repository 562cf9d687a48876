using SubnetVpn.Discovery;
using SubnetVpn.Plugins;
using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.WrongContract;

public sealed class WrongContractPlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.wrong-contract");

    public void Configure(IPluginBuilder builder) => builder.AddRegistry<WrongContractRegistry>("wrong-contract");

    internal sealed class WrongContractRegistry : ReportingRegistry
    {
        public override string ToString() => "of another time";
    }
}
