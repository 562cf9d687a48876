using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Core.Plugins.Tests.Support;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Tests.Catalog;

public sealed class PluginConfigurationTests
{
    [Fact]
    public void CheckConfiguration_MistakesInOptions_TellsThemAllWithPaths()
    {
        using var folder = new PluginFolder("test.options");
        folder.Configuration["plugins:test.options:dial_timeout"] = "1h";
        folder.Configuration["plugins:test.options:peers:0:virtual_ips:0"] = "10.0.0.300";
        folder.Configuration["plugins:test.options:peer:0:id"] = "a";

        var mistakes = Check(folder, "options");

        Assert.Equal(
            [
                new ConfigurationMistake("plugins:test.options:dial_timeout", "1h", "The field dial_timeout must be between 00:00:01 and 00:10:00."),
                new ConfigurationMistake("plugins:test.options:peer", null, "is an unknown key. Did you mean 'peers'? Known: dial_timeout, peers."),
                new ConfigurationMistake("plugins:test.options:peers:0:id", null, "is missing, and must be given."),
                new ConfigurationMistake("plugins:test.options:peers:0:virtual_ips:0", "10.0.0.300", "is not an IP address."),
            ],
            mistakes.OrderBy(mistake => mistake.Path, StringComparer.Ordinal));
    }

    [Fact]
    public void CheckConfiguration_Well_TellsNothing()
    {
        using var folder = new PluginFolder("test.options", "test.good");
        folder.Configuration["plugins:directory"] = folder.Path;
        folder.Configuration["plugins:disabled:0"] = "test.good";
        folder.Configuration["plugins:test.options:dial_timeout"] = "500s";

        Assert.Empty(Check(folder, "options", "test.good"));
    }

    [Fact]
    public void CheckConfiguration_SectionsAndSwitchesThatNameNoPlugin_AreMistakes()
    {
        using var folder = new PluginFolder("test.options", "test.good");
        folder.Configuration["plugins:test.option:dial_timeout"] = "5";
        folder.Configuration["plugins:directry"] = "x";

        Assert.Equal(
            [
                new ConfigurationMistake("plugins:directry", "x", $"is neither a key of 'plugins' nor the id of a plugin in {folder.Path}. Did you mean 'directory'? Known: collectible, directory, disabled, test.good, test.options."),
                new ConfigurationMistake("plugins:test.option", null, $"is neither a key of 'plugins' nor the id of a plugin in {folder.Path}. Did you mean 'test.options'? Known: collectible, directory, disabled, test.good, test.options."),
                new ConfigurationMistake("plugins:disabled", "test.god", $"is not the id of a plugin in {folder.Path}. Did you mean 'test.good'? Known: test.good, test.options."),
            ],
            Check(folder, "options", "test.god"));
    }

    [Fact]
    public void CheckConfiguration_OptionsOfAPluginThatNothingSelects_AreCheckedToo()
    {
        using var folder = new PluginFolder("test.options", "test.good");
        folder.Configuration["plugins:test.options:dial_timeout"] = "1h";
        var catalog = folder.Open();
        catalog.Take(StrategyKind.Registry, "good");
        var mistakes = new List<ConfigurationMistake>();

        catalog.CheckConfiguration(mistakes);

        Assert.Equal([new ConfigurationMistake("plugins:test.options:dial_timeout", "1h", "The field dial_timeout must be between 00:00:01 and 00:10:00.")], mistakes);
        Assert.Equal((PluginStatus.Disabled, "nothing selected it"), catalog.GetStatus().Where(plugin => plugin.Id == "test.options").Select(plugin => (plugin.Status, plugin.Reason)).Single());
    }

    [Fact]
    public void CheckConfiguration_PluginThatNothingSelectsAndCannotBeLoaded_IsNoMistake()
    {
        using var folder = new PluginFolder("test.faulty", "test.good");
        folder.Configuration["plugins:test.faulty:fault"] = "configure";
        var catalog = folder.Open();
        catalog.Take(StrategyKind.Registry, "good");
        var mistakes = new List<ConfigurationMistake>();

        catalog.CheckConfiguration(mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(PluginStatus.Failed, catalog.GetStatus().Single(plugin => plugin.Id == "test.faulty").Status);
    }

    [Fact]
    public void CheckConfiguration_PluginThatIsSwitchedOff_IsLeftAlone()
    {
        using var folder = new PluginFolder("test.options", "test.good");
        folder.Configuration["plugins:test.options:dial_timeout"] = "1h";

        Assert.Empty(Check(folder, "good", "test.options"));
    }

    [Fact]
    public void CheckConfiguration_OptionsForAPluginThatTakesNone_AreMistakes()
    {
        using var folder = new PluginFolder("test.good");
        folder.Configuration["plugins:test.good:colour"] = "red";

        Assert.Equal([new ConfigurationMistake("plugins:test.good:colour", "red", "is an unknown key. The plugin takes no options.")], Check(folder, "good"));
    }

    [Fact]
    public void CheckConfiguration_PluginThatBindsByHand_MayHaveAnyKey()
    {
        using var folder = new PluginFolder("test.faulty");
        folder.Configuration["plugins:test.faulty:fault"] = "none";

        Assert.Empty(Check(folder, "faulty"));
    }

    [Fact]
    public void CheckConfiguration_RuleOfThePluginThrows_IsAMistake()
    {
        using var folder = new PluginFolder("test.options");
        var catalog = folder.Open();
        catalog.Take(StrategyKind.Registry, "options");
        folder.Configuration["plugins:test.options:dial_timeout"] = "13";
        var mistakes = new List<ConfigurationMistake>();

        catalog.CheckConfiguration(mistakes);

        Assert.Equal([new ConfigurationMistake("plugins:test.options", null, "cannot be checked, as the plugin threw: InvalidOperationException: thirteen is bad luck.")], mistakes);
    }

    private static List<ConfigurationMistake> Check(PluginFolder folder, string registry, params string[] disabled)
    {
        var catalog = folder.Open(settings => settings with { Disabled = disabled });
        catalog.Take(StrategyKind.Registry, registry);
        var mistakes = new List<ConfigurationMistake>();
        catalog.CheckConfiguration(mistakes);
        return mistakes;
    }
}
