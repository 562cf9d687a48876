using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Discovery.Static;
using SubnetVpn.Plugins.Tests.Examples;

namespace SubnetVpn.Plugins.Tests.DiscoveryStatic;

/// <summary>Binds the section the way the host does.</summary>
internal static class StaticOptionsBinding
{
    /// <param name="section">The section in the flow style of YAML.</param>
    /// <param name="mistakes">What is wrong with it.</param>
    public static StaticDiscoveryOptions Bind(string section, out List<ConfigurationMistake> mistakes)
    {
        mistakes = [];
        var root = YamlText.Read($$"""plugins: { discovery.static: {{section}} }""");
        return StrictBinder.Bind<StaticDiscoveryOptions>(root.GetSection("plugins:discovery.static"), mistakes);
    }
}
