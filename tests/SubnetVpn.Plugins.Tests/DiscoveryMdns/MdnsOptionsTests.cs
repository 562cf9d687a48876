using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.Plugins.Tests.Examples;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

public sealed class MdnsOptionsTests
{
    [Fact]
    public void Bind_Complete_HasEverything()
    {
        var options = Bind("{ interfaces: [eth0, wlan0], ttl: 60s, query_interval: 10, lookup_timeout: 500ms, max_peers: 9, max_addresses_per_peer: 3, accept_routes: true }", out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(["eth0", "wlan0"], options.Interfaces);
        Assert.Equal((60, 10, 0.5), (options.Ttl.TotalSeconds, options.QueryInterval.TotalSeconds, options.LookupTimeout.TotalSeconds));
        Assert.Equal((9, 3, true), (options.MaxPeers, options.MaxAddressesPerPeer, options.AcceptRoutes));
    }

    [Theory]
    [InlineData("{ ttl: 60s }", "query_interval", "half of ttl")]
    [InlineData("{ max_peers: 0 }", "max_peers", "1")]
    [InlineData("{ interface: eth0 }", "interface", "interfaces")]
    public void Bind_Wrong_SaysWhere(string section, string path, string rule)
    {
        Bind(section, out var mistakes);

        var mistake = Assert.Single(mistakes);
        Assert.StartsWith($"plugins:discovery.mdns:{path}", mistake.Path, StringComparison.Ordinal);
        Assert.Contains(rule, mistake.Message, StringComparison.Ordinal);
    }

    private static MdnsOptions Bind(string section, out List<ConfigurationMistake> mistakes)
    {
        mistakes = [];
        var root = YamlText.Read($$"""plugins: { discovery.mdns: {{section}} }""");
        return StrictBinder.Bind<MdnsOptions>(root.GetSection("plugins:discovery.mdns"), mistakes);
    }
}
