using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Core.Hosting.Tests.Samples;

/// <summary>Every configuration under <c>samples/</c> passes what <c>--check</c> does.</summary>
public sealed class ConfigurationSampleTests
{
    private static string Folder => Path.Combine(Repository.Root, "samples", "configurations");

    public static TheoryData<string> Files() => [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Check_Sample_IsWell(string file)
    {
        using var temporary = new TemporaryFolder();
        using var services = new TestServices();
        // The identity of this machine, if it has one, is none of the test's business.
        var inputs = new ConfigurationInputs { File = Path.Combine(Folder, file), Overrides = [$"node:identity={temporary.File("identity.key")}"] };
        // So is the key of its networks.
        if (file == "lan.yaml")
        {
            NetworkKeyFile.Create(temporary.File("lan.key"));
            inputs = inputs with { Overrides = [.. inputs.Overrides, $"vpn:network_key={temporary.File("lan.key")}"] };
        }
        // A registry's file is named by its full path, which is the operator's.
        if (file == "registry.yaml")
            inputs = inputs with { Overrides = [.. inputs.Overrides, $"plugins:registry.static:file={Path.Combine(Folder, "registry-addresses")}"] };

        using var plan = NodePlan.Make(inputs);
        await using var node = new SubnetVpnNode(plan, services.Node);
        await node.CheckAsync();

        Assert.NotEmpty(plan.Configuration.Networks);
    }

    [Fact]
    public void Readme_NamesEverySample()
    {
        var readme = File.ReadAllText(Path.Combine(Folder, "README.md"));

        Assert.All(Files(), row => Assert.Contains(row.Data, readme, StringComparison.Ordinal));
    }
}
