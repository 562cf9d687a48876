using System.Text;
using SubnetVpn.Core.Plugins.Manifests;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Tests.Manifests;

public sealed class PluginManifestReaderTests
{
    private const string Well = """
        {
          "id": "discovery.dht",
          "version": "0.1.0",
          "contract": "1.0",
          "assembly": "SubnetVpn.Discovery.Dht.dll",
          "provides": ["discovery:dht", "registry:dht"],
          "platforms": ["linux", "macos"],
          "stability": "beta",
          "description": "Peers found through a DHT."
        }
        """;

    [Fact]
    public void Parse_Well_ReadsEveryField()
    {
        var result = Read(Well);

        Assert.Empty(result.Problems);
        var manifest = result.Manifest!;
        Assert.Equal("discovery.dht", manifest.Id.ToString());
        Assert.Equal(("0.1.0", new ContractVersion(1, 0), "SubnetVpn.Discovery.Dht.dll"), (manifest.Version, manifest.Contract, manifest.Assembly));
        Assert.Equal([new StrategyName(StrategyKind.Discovery, "dht"), new StrategyName(StrategyKind.Registry, "dht")], manifest.Provides);
        Assert.Equal(["linux", "macos"], manifest.Platforms);
        Assert.Equal((PluginStability.Beta, "Peers found through a DHT."), (manifest.Stability, manifest.Description));
    }

    [Theory]
    [InlineData("\"description\":", "\"descripton\":", "The field 'descripton' is unknown. Did you mean 'description'? Known: assembly, contract, description, id, platforms, provides, stability, version.", "The field 'description' is missing.")]
    [InlineData("\"version\": \"0.1.0\",", "", "The field 'version' is missing.")]
    [InlineData("\"0.1.0\"", "1", "The field 'version' must be a text, not a number.")]
    [InlineData("\"0.1.0\"", "null", "The field 'version' must be a text, not null.")]
    [InlineData("\"0.1.0\"", "\" \"", "The field 'version' is empty.")]
    [InlineData("\"id\": \"discovery.dht\"", "\"id\": \"discovery.dht\", \"id\": \"x\"", "The field 'id' stands there twice.")]
    [InlineData("\"discovery.dht\"", "\"Discovery\"", "The id 'Discovery' is no plugin id: expected lower-case letters, digits, '-' and '.', such as discovery.static.")]
    [InlineData("\"discovery.dht\"", "\"discovery.dhd\"", "The id is 'discovery.dhd', but the folder is named 'discovery.dht'. Rename the folder to 'discovery.dhd'.")]
    [InlineData("\"discovery.dht\"", "\"disabled\"", "The id 'disabled' is taken by a key of the configuration's section 'plugins'. Choose another.")]
    [InlineData("\"1.0\"", "\"1\"", "The field 'contract' is '1', and must be a version of two numbers such as '1.0'.")]
    [InlineData("\"1.0\"", "\"1.0.0\"", "The field 'contract' is '1.0.0', and must be a version of two numbers such as '1.0'.")]
    [InlineData("\"SubnetVpn", "\"../SubnetVpn", "The field 'assembly' is '../SubnetVpn.Discovery.Dht.dll', and must be the name of a .dll in the plugin's folder, without a path.")]
    [InlineData(".dll", ".exe", "The field 'assembly' is 'SubnetVpn.Discovery.Dht.exe', and must be the name of a .dll in the plugin's folder, without a path.")]
    [InlineData("\"discovery:dht\",", "\"dht\",", "The field 'provides' has 'dht', and must have entries such as 'discovery:dht': a kind (transport, discovery, tun, scheduler, resilience, registry), a colon, a name in lower case.")]
    [InlineData("\"discovery:dht\",", "\"discovry:dht\",", "The field 'provides' has 'discovry:dht', and must have entries such as 'discovery:dht': a kind (transport, discovery, tun, scheduler, resilience, registry), a colon, a name in lower case.")]
    [InlineData("\"discovery:dht\",", "\"registry:dht\",", "The field 'provides' has 'registry:dht' twice.")]
    [InlineData("[\"discovery:dht\", \"registry:dht\"]", "[]", "The field 'provides' is an empty list.")]
    [InlineData("[\"discovery:dht\", \"registry:dht\"]", "\"discovery:dht\"", "The field 'provides' must be a list of texts, not a text.")]
    [InlineData("[\"discovery:dht\", \"registry:dht\"]", "[1]", "The field 'provides' must be a list of texts alone.")]
    [InlineData("\"macos\"", "\"macosx\"", "The field 'platforms' has 'macosx', which is unknown. Did you mean 'macos'? Known: any, linux, macos, windows.")]
    [InlineData("\"beta\"", "\"Beta\"", "The field 'stability' is 'Beta', which is unknown. Did you mean 'beta'? Known: beta, experimental, stable.")]
    public void Parse_Mistake_IsNamed(string old, string replacement, params string[] problems)
    {
        Assert.Contains(old, Well, StringComparison.Ordinal);

        var result = Read(Well.Replace(old, replacement, StringComparison.Ordinal));

        Assert.Null(result.Manifest);
        Assert.Equal(problems, result.Problems);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{ \"id\": }")]
    public void Parse_NoJson_SaysSo(string text) => Assert.StartsWith("It is no valid JSON: ", Assert.Single(Read(text).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void Parse_NoObject_SaysSo(string text) => Assert.Equal(["It must hold one JSON object."], Read(text).Problems);

    [Fact]
    public void Parse_ManyMistakes_TellsThemAllAndWhatItProvides()
    {
        var result = Read("""{ "id": 1, "provides": ["discovery:dht"], "extra": true }""");

        Assert.Equal(8, result.Problems.Count);
        Assert.Equal([new StrategyName(StrategyKind.Discovery, "dht")], result.Provides);
    }

    [Theory]
    [InlineData("1.0", "1.0", true)]
    [InlineData("1.0", "1.3", true)]
    [InlineData("1.4", "1.3", false)]
    [InlineData("2.0", "1.3", false)]
    [InlineData("1.3", "2.0", false)]
    public void FitsOn_Versions_FollowsMajorAndMinor(string plugin, string host, bool fits)
    {
        Assert.True(ContractVersion.TryParse(plugin, out var pluginVersion));
        Assert.True(ContractVersion.TryParse(host, out var hostVersion));
        Assert.Equal(fits, pluginVersion.FitsOn(hostVersion));
    }

    [Fact]
    public void Read_RandomDamage_NeverThrows()
    {
        var random = new Random(20250101);
        var bytes = Encoding.UTF8.GetBytes(Well);
        for (var round = 0; round < 5_000; round++)
        {
            var damaged = bytes.ToArray();
            for (var count = random.Next(1, 5); count > 0; count--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var result = PluginManifestReader.Parse(damaged.AsMemory(0, random.Next(damaged.Length + 1)), "discovery.dht");
            Assert.Equal(result.Manifest is null, result.Problems.Count > 0);
        }
    }

    private static PluginManifestResult Read(string json) => PluginManifestReader.Parse(Encoding.UTF8.GetBytes(json), "discovery.dht");
}
