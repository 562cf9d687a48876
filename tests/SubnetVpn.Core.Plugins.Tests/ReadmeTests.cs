using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Autofac;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Composition;
using SubnetVpn.Core.Plugins.Manifests;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Core.Plugins.Tests.Support;
using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Tests;

/// <summary>The examples of the README work, and are those that run here.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Example_Composes()
    {
        using var folder = new PluginFolder("test.good");
        using var loggerFactory = new ListLoggerFactory();
        var (pluginsFolder, configuration, networkContext) = (folder.Path, folder.Configuration, NetworkScope.ContextOf("home"));

        // README
        using var catalog = PluginCatalog.Open(new PluginCatalogSettings { Directories = [pluginsFolder] }, configuration, loggerFactory);
        var selection = catalog.Select(StrategyKind.Registry, "good");
        if (!selection.IsSelected)
            throw new VpnException(VpnErrorReason.Plugin, selection.Error.Message);

        var mistakes = new List<ConfigurationMistake>();
        catalog.CheckConfiguration(mistakes);

        var builder = new ContainerBuilder();
        builder.RegisterModule(new PluginModule(catalog));
        builder.RegisterInstance<Microsoft.Extensions.Logging.ILoggerFactory>(loggerFactory).ExternallyOwned();
        builder.RegisterInstance(TimeProvider.System);
        using var root = builder.Build();
        using var network = root.BeginLifetimeScope(ScopeTags.Network, scope =>
        {
            scope.RegisterInstance(networkContext);
            scope.RegisterStrategy(selection.Strategy);
        });
        var registry = network.Resolve<IAddressRegistry>();
        // README

        Assert.Empty(mistakes);
        Assert.Equal("good registry of home", registry.ToString());
    }

    [Fact]
    public void Example_IsTheOneThatRunsHere()
    {
        var source = File.ReadAllText(ThisFile()).Split("// README")[1].Replace("\n        ", "\n", StringComparison.Ordinal)
            .Replace("<Microsoft.Extensions.Logging.ILoggerFactory>", "", StringComparison.Ordinal);

        Assert.Equal(source.Trim(), Block("csharp").Trim());
    }

    [Fact]
    public void Manifest_IsWell() =>
        Assert.Empty(PluginManifestReader.Parse(Encoding.UTF8.GetBytes(Block("json")), "discovery.example").Problems);

    private static string Block(string language)
    {
        var readme = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "core", "SubnetVpn.Core.Plugins", "README.md");
        return Fence().Matches(File.ReadAllText(readme)).Single(match => match.Groups[1].Value == language).Groups[2].Value;
    }

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
