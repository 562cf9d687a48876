using System.Text.RegularExpressions;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Core.Hosting.Tests.Samples;

/// <summary>What READMEs show works.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task HostingReadme_Configuration_IsWell()
    {
        using var folder = new TemporaryFolder();
        using var services = new TestServices();
        var yaml = YamlBlock().Match(Read("core/SubnetVpn.Core.Hosting/README.md")).Groups[1].Value;

        using var plan = NodePlan.Make(new ConfigurationInputs { File = folder.Write("node.yaml", yaml) });
        await using var node = new SubnetVpnNode(plan, services.Node);
        await node.CheckAsync();

        Assert.Equal("default", Assert.Single(plan.Configuration.Networks).Name);
    }

    [Fact]
    public async Task HostReadmes_Options_AreThoseOfTheUsage()
    {
        var daemon = (await Exec.RunAsync(Repository.Daemon, "--help")).Output;
        var cli = (await Exec.RunAsync(Repository.Cli, "--help")).Output;
        foreach (var command in new[] { "init", "invite", "join", "start", "demo", "keygen", "status", "wait", "reload", "resolve" })
            cli += (await Exec.RunAsync(Repository.Cli, command, "--help")).Output;

        Assert.All(Options(Read("hosts/SubnetVpn.Daemon/README.md")), option => Assert.Contains(option, daemon, StringComparison.Ordinal));
        Assert.All(Options(Read("hosts/SubnetVpn.Cli/README.md")), option => Assert.Contains(option, cli, StringComparison.Ordinal));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    private static IEnumerable<string> Options(string readme) => Option().Matches(readme).Select(match => match.Value).Distinct();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex("--[a-z][a-z-]+")]
    private static partial Regex Option();
}
