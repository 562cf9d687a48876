using System.Runtime.Loader;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Tests.Support;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Tests.Catalog;

public sealed class PluginCatalogTests
{
    [Fact]
    public void Open_NothingSelected_LoadsNothing()
    {
        using var folder = new PluginFolder("test.good");
        var catalog = folder.Open();

        var info = Assert.Single(catalog.GetStatus());

        Assert.Equal(("test.good", "1.2.3", "1.0", PluginStatus.Disabled, "nothing selected it"), (info.Id, info.Version, info.Contract, info.Status, info.Reason));
        Assert.Equal(["registry:good", "discovery:first", "discovery:second"], info.Provides);
        Assert.Equal(folder.FileOf("test.good"), info.Directory);
        Assert.DoesNotContain(AssembliesUnder(folder.Path), _ => true);
    }

    [Fact]
    public void Select_Good_IsActiveInAContextOfItsOwn()
    {
        using var folder = new PluginFolder("test.good");
        var catalog = folder.Open();

        var strategy = catalog.Take(StrategyKind.Registry, "good");

        Assert.Equal(("test.good", folder.FileOf("test.good", "SubnetVpn.TestPlugins.Good.dll")), (strategy.Plugin.ToString(), strategy.File));
        Assert.Equal("GoodRegistry", strategy.Descriptor.Implementation.Name);
        var context = AssemblyLoadContext.GetLoadContext(strategy.Descriptor.Implementation.Assembly)!;
        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.False(context.IsCollectible);
        Assert.Same(typeof(Discovery.IAddressRegistry), strategy.Descriptor.Contract);
        var info = Assert.Single(catalog.GetStatus());
        Assert.Equal((PluginStatus.Active, null), (info.Status, info.Reason));
    }

    [Fact]
    public void Select_TwoOfOnePlugin_LoadsItOnce()
    {
        using var folder = new PluginFolder("test.good");
        var catalog = folder.Open();

        var first = catalog.Take(StrategyKind.Discovery, "first");
        var second = catalog.Take(StrategyKind.Discovery, "second");

        Assert.Same(first.Descriptor.Implementation.Assembly, second.Descriptor.Implementation.Assembly);
    }

    [Fact]
    public void Select_UnknownName_ListsTheKnownAndSuggests()
    {
        using var folder = new PluginFolder("test.good");

        var message = folder.Open().Refusal(StrategyKind.Discovery, "secnd", SelectionFailure.Unknown);

        Assert.Equal($"No plugin in {folder.Path} provides discovery:secnd. Did you mean 'second'? Known: first, second.", message);
    }

    [Fact]
    public void Select_KindThatNobodyProvides_SaysSo()
    {
        using var folder = new PluginFolder("test.good");

        var message = folder.Open().Refusal(StrategyKind.Transport, "libp2p", SelectionFailure.Unknown);

        Assert.Equal($"No plugin in {folder.Path} provides transport:libp2p. None is known here.", message);
    }

    [Fact]
    public void Select_NoFolder_SaysWhichWereLookedFor()
    {
        using var folder = new PluginFolder();
        var catalog = folder.Open(settings => settings with { Directories = [folder.FileOf("one"), folder.FileOf("two")] });

        var message = catalog.Refusal(StrategyKind.Tun, "linux", SelectionFailure.NoDirectory);

        Assert.Equal($"tun:linux needs a plugin. The plugins folder does not exist: looked for {folder.FileOf("one")}, then {folder.FileOf("two")}. Set plugins: directory: in the configuration to the folder that holds one folder per plugin.", message);
        Assert.False(Assert.Single(catalog.GetAll(StrategyKind.Tun)).IsSelected);
        Assert.Empty(catalog.GetStatus());
    }

    [Fact]
    public void Open_SeveralCandidates_TakesTheFirstThatExists()
    {
        using var folder = new PluginFolder("test.good");
        var catalog = folder.Open(settings => settings with { Directories = [folder.FileOf("missing"), folder.Path] });

        Assert.Equal(folder.Path, catalog.Directory);
        catalog.Take(StrategyKind.Registry, "good");
    }

    [Fact]
    public void Select_SwitchedOff_IsDisabledWithThatReason()
    {
        using var folder = new PluginFolder("test.good");
        var catalog = folder.Open(settings => settings with { Disabled = ["test.good"] });

        var message = catalog.Refusal(StrategyKind.Registry, "good", SelectionFailure.Unusable);

        Assert.Equal("registry:good is provided by a plugin that cannot be used: test.good (disabled: the operator switched it off (plugins: disabled: [test.good]))", message);
        Assert.Equal(PluginStatus.Disabled, Assert.Single(catalog.GetStatus()).Status);
    }

    [Fact]
    public void Select_TwoProviders_NamesBoth()
    {
        using var folder = new PluginFolder("test.good", "test.private1");
        folder.EditManifest("test.private1", "registry:private1", "registry:good");
        var catalog = folder.Open();

        var message = catalog.Refusal(StrategyKind.Registry, "good", SelectionFailure.Ambiguous);

        Assert.Equal($"Several plugins provide registry:good: test.good ({folder.FileOf("test.good")}), test.private1 ({folder.FileOf("test.private1")}). Remove all but one, or switch them off (plugins: disabled: [id]).", message);
    }

    [Fact]
    public void Select_TwoProvidersOfWhichOneFits_TakesThatOne()
    {
        using var folder = new PluginFolder("test.good", "test.private1");
        folder.EditManifest("test.private1", "registry:private1", "registry:good");
        folder.EditManifest("test.private1", "\"any\"", "\"windows\"");

        var strategy = folder.Open(settings => settings with { Platform = "linux" }).Take(StrategyKind.Registry, "good");

        Assert.Equal("test.good", strategy.Plugin.ToString());
    }

    [Fact]
    public void GetAll_IsOrderedAndLazy()
    {
        using var folder = new PluginFolder("test.good", "test.private1", "test.private2", "test.options");
        folder.EditManifest("test.private2", "\"any\"", "\"linux\"");
        folder.EditManifest("test.options", "experimental", "stable");
        var catalog = folder.Open(settings => settings with { Platform = "linux" });

        var first = catalog.GetAll(StrategyKind.Registry).First();
        var active = catalog.GetStatus().Where(info => info.Status == PluginStatus.Active).Select(info => info.Id).ToList();
        var all = catalog.GetAll(StrategyKind.Registry).Select(selection => selection.Strategy!.Descriptor.Name).ToList();

        Assert.Equal("private2", first.Strategy!.Descriptor.Name);
        Assert.Equal(["test.private2"], active);
        Assert.Equal(["private2", "options", "good", "private1"], all);
        Assert.Equal(["good", "options", "private1", "private2"], catalog.GetNames(StrategyKind.Registry));
    }

    [Fact]
    public void Select_TwoVersionsOfOneDependency_LiveSideBySide()
    {
        using var folder = new PluginFolder("test.private1", "test.private2");
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork("default", catalog.Take(StrategyKind.Registry, "private1"), catalog.Take(StrategyKind.Registry, "private2"));

        var reports = Autofac.ResolutionExtensions.Resolve<IReadOnlyList<Discovery.IAddressRegistry>>(network).Select(registry => registry.ToString()).ToList();

        Assert.Equal(["code 1, assembly 1.0.0.0", "code 2, assembly 2.0.0.0"], reports);
        Assert.Equal(2, AssembliesUnder(folder.Path).Count(name => name == "SubnetVpn.TestPlugins.PrivateLibrary"));
    }

    private static IEnumerable<string?> AssembliesUnder(string path) =>
        AssemblyLoadContext.All.SelectMany(context => context.Assemblies)
            .Where(assembly => !assembly.IsDynamic && assembly.Location.StartsWith(path, StringComparison.Ordinal))
            .Select(assembly => assembly.GetName().Name);
}
