using System.Runtime.CompilerServices;
using SubnetVpn.Discovery;
using SubnetVpn.Plugins;
using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.ThrowsOnLoad;

public sealed class ThrowsOnLoadPlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.throws-on-load");

    public void Configure(IPluginBuilder builder) => builder.AddRegistry<NeverMade>("throws-on-load");

#pragma warning disable CA2255 // A library's module initialiser that throws is just what is wanted here.
    [ModuleInitializer]
    internal static void Initialize() => throw new InvalidOperationException("the library is not well");
#pragma warning restore CA2255

    internal sealed class NeverMade : ReportingRegistry
    {
        public override string ToString() => "never made";
    }
}
