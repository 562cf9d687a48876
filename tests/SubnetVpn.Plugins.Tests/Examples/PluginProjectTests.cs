using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Plugins.Tests.Examples;

/// <summary>What a plugin's README and manifest promise, its code keeps.</summary>
public sealed class PluginProjectTests
{
    public static TheoryData<string> Plugins => [.. PluginFolder.Names];

    [Theory]
    [MemberData(nameof(Plugins))]
    public void Readme_Example_IsAValidConfigurationOfThePlugin(string name)
    {
        var folder = PluginFolder.Open(name);
        var plugin = folder.CreatePlugin();
        var examples = folder.ReadExamples();

        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var root = YamlText.Read(example);
            var builder = new ExampleBuilder(root.GetSection($"plugins:{plugin.Id}"));
            plugin.Configure(builder);

            Assert.Empty(builder.Mistakes);
            Assert.All(builder.Strategies, strategy => Assert.True(MaySelect(root, strategy), $"The example selects another {strategy.Kind} than {strategy.Name}."));
        }
    }

    [Theory]
    [MemberData(nameof(Plugins))]
    public void Manifest_SaysWhatThePluginRegisters(string name)
    {
        var folder = PluginFolder.Open(name);
        var plugin = folder.CreatePlugin();
        var builder = new ExampleBuilder(new ConfigurationBuilder().Build().GetSection("none"));
        plugin.Configure(builder);

        using var manifest = JsonDocument.Parse(folder.Manifest);

        Assert.Equal(plugin.Id.ToString(), manifest.RootElement.GetProperty("id").GetString());
        Assert.Equal($"{name}.dll", manifest.RootElement.GetProperty("assembly").GetString());
        Assert.Equal(
            builder.Strategies.Select(static strategy => $"{strategy.Kind.ToString().ToLowerInvariant()}:{strategy.Name}").Order(),
            manifest.RootElement.GetProperty("provides").EnumerateArray().Select(static entry => entry.GetString()).Order());
        // The composition makes each by its one public constructor.
        Assert.All(builder.Strategies, static strategy => Assert.Single(strategy.Implementation.GetConstructors()));
    }

    // The name stands in the strategies of the example, alone or in a list; or nothing does, and the default holds.
    private static bool MaySelect(IConfigurationRoot root, StrategyDescriptor strategy)
    {
        var section = root.GetSection($"vpn:strategies:{strategy.Kind.ToString().ToLowerInvariant()}");
        return !section.Exists() || section.Value == strategy.Name || section.GetChildren().Any(child => child.Value == strategy.Name);
    }
}
