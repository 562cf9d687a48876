using Microsoft.Extensions.Configuration;
using NSubstitute;
using SubnetVpn.Core.Hosting.Configuration.Yaml;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Discovery;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.Transport.Libp2p;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

public class Libp2pTransportOptionsTests
{
    [Fact]
    public void Bind_ExampleOfTheReadme_IsValid()
    {
        var options = Bind(ReadmeExample(), out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal((TimeSpan.FromSeconds(10), 2, "cubic"), (options.DialTimeout, options.ConnectionsPerPeer, options.Congestion));
    }

    [Fact]
    public void Readme_Options_AreThoseThatExist()
    {
        var documented = File.ReadLines(ReadmePath).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')).Where(parts => parts.Length >= 4 && parts[2] == " | ").Select(parts => parts[1]);

        Assert.Equal(StrictBinder.KeysOf(typeof(Libp2pTransportOptions)).Order(), documented.Order());
    }

    [Fact]
    public void Bind_Nothing_GivesValidDefaults()
    {
        var options = Bind("plugins:\n  transport.libp2p: {}\n", out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(TimeSpan.FromSeconds(15), options.DialTimeout);
    }

    [Fact]
    public void From_Defaults_AreThoseOfTheLibraryButForTheBackoff()
    {
        var mapped = HostOptions.From(new Libp2pTransportOptions(), NoSubnets.Instance);

        // Longer pauses are the business of the resilience strategy.
        var expected = new Libp2pOptions { Dial = { BackoffBase = TimeSpan.Zero, BackoffMax = TimeSpan.FromSeconds(5) } };

        Assert.Equivalent(expected.Dial, mapped.Dial, strict: true);
        Assert.Equivalent(expected.Limits, mapped.Limits, strict: true);
        Assert.Equivalent(expected.Tcp, mapped.Tcp, strict: true);
        Assert.Equivalent(expected.Yamux, mapped.Yamux, strict: true);
        Assert.Equal(
            (expected.HandshakeTimeout, expected.NegotiationTimeout, expected.MaxConnectionsPerPeer, expected.PreferAes),
            (mapped.HandshakeTimeout, mapped.NegotiationTimeout, mapped.MaxConnectionsPerPeer, mapped.PreferAes));
        Assert.Matches("^subnetvpn/[0-9]+\\.[0-9]+\\.[0-9]+$", mapped.AgentVersion);
    }

    [Fact]
    public void From_CongestionSystem_AsksForNone()
    {
        Assert.Null(HostOptions.From(new Libp2pTransportOptions { Congestion = "system" }, NoSubnets.Instance).Tcp.Congestion);
    }

    [Theory]
    [InlineData("dial_timeout: 0s")]
    [InlineData("dail_timeout: 1s")]
    [InlineData("connections_per_peer: 9")]
    [InlineData("max_inbound_streams_per_connection: 2000")]
    [InlineData("max_stream_window: 1000")]
    [InlineData("congestion: 'no good'")]
    [InlineData("dht: sometimes")]
    [InlineData("dht_protocol: 'no good'")]
    [InlineData("dht_alpha: 0")]
    [InlineData("dht_bootstrap: ['/ip4/198.18.0.9/tcp/4001']")]
    [InlineData("dht_bootstrap: ['198.18.0.9']")]
    public void Bind_Mistake_IsReportedWithItsPath(string line)
    {
        Bind($"plugins:\n  transport.libp2p:\n    {line}\n", out var mistakes);

        var mistake = Assert.Single(mistakes);
        Assert.Contains(line.Split(':')[0], mistake.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Configure_Plugin_OffersTheTransport()
    {
        var builder = Substitute.For<IPluginBuilder>();
        var plugin = new Libp2pTransportPlugin();

        plugin.Configure(builder);

        Assert.Equal("transport.libp2p", plugin.Id.ToString());
        builder.Received(1).AddOptions<Libp2pTransportOptions>();
        builder.Received(1).AddStrategy(Arg.Is<StrategyDescriptor>(strategy =>
            strategy!.Kind == StrategyKind.Transport && strategy.Name == "libp2p" && strategy.Contract == typeof(ITransport) &&
            strategy.Implementation == typeof(Libp2pTransport) && strategy.Offers.Contains(typeof(IRecordStore))));
    }

    private static string ReadmePath => Path.Combine(Repository.Root, "plugins", "SubnetVpn.Transport.Libp2p", "README.md");

    private static string ReadmeExample()
    {
        var text = File.ReadAllText(ReadmePath);
        var begin = text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        return text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    private static Libp2pTransportOptions Bind(string yaml, out List<ConfigurationMistake> mistakes)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, yaml);
            mistakes = [];
            var section = new ConfigurationBuilder().AddYamlFile(file).Build().GetSection("plugins:transport.libp2p");
            return StrictBinder.Bind<Libp2pTransportOptions>(section, mistakes);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
