using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Nodes;

public sealed class NodePlanTests
{
    [Theory]
    [InlineData("transport", "libp3p", "No plugin in ", "provides transport:libp3p. Did you mean 'libp2p'?")]
    [InlineData("scheduler", "polly", "vpn:strategies:scheduler: 'polly': ", "Known: multiplex, sticky")]
    [InlineData("resilience", "poly", "vpn:strategies:resilience: 'poly': ", "Did you mean 'polly'?")]
    [InlineData("tun", "linx", "vpn:strategies:tun: 'linx': ", "Did you mean 'linux'?")]
    [InlineData("registry", "statc", "vpn:strategies:registry: 'statc': ", "Did you mean 'static'?")]
    [InlineData("registry", "", "vpn:strategies:registry", "must name a strategy; 'subnetvpn plugins' lists them, or be left out")]
    [InlineData("discovery:0", "statc", "vpn:strategies:discovery:0: 'statc': ", "Did you mean 'static'?")]
    public void Make_UnknownStrategy_ListsTheKnownOnes(string kind, string name, string expected, string known)
    {
        using var folder = new TemporaryFolder();

        var exception = Assert.Throws<ConfigurationException>(() => TestNodes.Plan(folder, TestNodes.Alone(), $"vpn:strategies:{kind}={name}"));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains(known, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_MissingPluginsFolder_SaysWhereItLooked()
    {
        using var folder = new TemporaryFolder();

        var exception = Assert.Throws<ConfigurationException>(() => TestNodes.Plan(folder, TestNodes.Alone(), "plugins:directory=nowhere"));

        Assert.Contains(folder.File("nowhere"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, "nowhere"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("Set plugins: directory:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_DisabledPlugin_SaysWhoSwitchedItOff()
    {
        using var folder = new TemporaryFolder();

        var exception = Assert.Throws<ConfigurationException>(() => TestNodes.Plan(folder, TestNodes.Alone(), "plugins:disabled=scheduling.sticky"));

        Assert.Contains("the operator switched it off (plugins: disabled: [scheduling.sticky])", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_MistakesOfHostAndPlugins_AreToldAtOnce()
    {
        using var folder = new TemporaryFolder();
        var yaml = TestNodes.Alone("mtu: 1", "tun.memory: { ehco: true }\n  discovery.statc: {}");

        var exception = Assert.Throws<ConfigurationException>(() => TestNodes.Plan(folder, yaml, "plugins:discovery.static:peers:0:id=x"));

        Assert.Contains("vpn:mtu: '1': must be 576 to 9000.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("plugins:tun.memory:ehco: 'true': is an unknown key. Did you mean 'echo'?", exception.Message, StringComparison.Ordinal);
        Assert.Contains("plugins:discovery.statc", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--set: plugins:discovery.static:peers:0:id: 'x': ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "/etc/x", "/opt/bin/a/release/", "/opt/bin/a/release/plugins", "/opt/plugins")]
    [InlineData("plugins", "/etc/x", "/opt/bin/a/release/", "/etc/x/plugins", "/opt/bin/a/release/plugins")]
    [InlineData("../p", "/etc/x", "/opt/bin/", "/etc/p", "/opt/p")]
    [InlineData("/srv/plugins", "/etc/x", "/opt/bin/", "/srv/plugins")]
    public void Find_PluginDirectories_InOrder(string? configured, string baseDirectory, string executableDirectory, params string[] expected)
    {
        Assert.Equal(expected, PluginDirectories.Find(configured, baseDirectory, executableDirectory));
    }
}
