using System.Runtime.Loader;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Tests.Support;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Tests.Catalog;

/// <summary>Every way in which a plugin can be at fault is a status with a reason that names the file; the others go on.</summary>
public sealed class PluginFaultTests
{
    [Fact]
    public void Select_WrongContract_IsIncompatibleAndNeverLoaded()
    {
        using var folder = new PluginFolder("test.wrong-contract");

        AssertRefused(folder, "wrong-contract", PluginStatus.Incompatible, $"{folder.FileOf("test.wrong-contract", "plugin.json")}: It was built for contract 9.0; this host has 1.0. Update this host, or install an older version of the plugin.");

        Assert.DoesNotContain(AssemblyLoadContext.All.SelectMany(context => context.Assemblies), assembly => assembly.GetName().Name == "SubnetVpn.TestPlugins.WrongContract");
    }

    [Fact]
    public void Select_OlderContract_AsksForANewerPlugin()
    {
        using var folder = new PluginFolder("test.good");
        folder.EditManifest("test.good", "\"1.0\"", "\"0.9\"");

        AssertRefused(folder, "good", PluginStatus.Incompatible, $"{folder.FileOf("test.good", "plugin.json")}: It was built for contract 0.9; this host has 1.0. Install a newer version of the plugin.");
    }

    [Fact]
    public void Select_OtherPlatform_IsIncompatible()
    {
        using var folder = new PluginFolder("test.good");
        folder.EditManifest("test.good", "[\"any\"]", "[\"windows\", \"macos\"]");

        AssertRefused(folder, "good", PluginStatus.Incompatible, $"{folder.FileOf("test.good", "plugin.json")}: It is for windows, macos; this is linux. Select another strategy here.");
    }

    [Fact]
    public void Select_BrokenManifest_IsFailed()
    {
        using var folder = new PluginFolder("test.good");
        folder.EditManifest("test.good", "\"stability\"", "\"stabilty\"");

        AssertRefused(folder, "good", PluginStatus.Failed, $"{folder.FileOf("test.good", "plugin.json")}: The field 'stabilty' is unknown. Did you mean 'stability'? Known: assembly, contract, description, id, platforms, provides, stability, version. The field 'stability' is missing.");
    }

    [Fact]
    public void Select_ManifestWithoutAnyThingReadable_IsNamedBesideTheUnknownName()
    {
        using var folder = new PluginFolder("test.good");
        folder.Write("test.broken", "plugin.json", "{ not json");
        Directory.CreateDirectory(folder.FileOf("test.empty"));
        Directory.CreateDirectory(folder.FileOf(".hidden"));
        var catalog = folder.Open();

        var message = catalog.Refusal(StrategyKind.Registry, "lost", SelectionFailure.Unknown);

        Assert.Contains($"Known: good. Not readable: test.broken (failed: {folder.FileOf("test.broken", "plugin.json")}: It is no valid JSON: ", message, StringComparison.Ordinal);
        Assert.Contains($"test.empty (failed: {folder.FileOf("test.empty", "plugin.json")}: There is no plugin.json in the folder.", message, StringComparison.Ordinal);
        Assert.Equal(["test.broken", "test.empty", "test.good"], catalog.GetStatus().Select(info => info.Id));
        catalog.Take(StrategyKind.Registry, "good");
    }

    [Fact]
    public void Select_MissingAssembly_IsFailed()
    {
        using var folder = new PluginFolder("test.good");
        File.Delete(folder.FileOf("test.good", "SubnetVpn.TestPlugins.Good.dll"));

        AssertRefused(folder, "good", PluginStatus.Failed, $"{folder.FileOf("test.good", "SubnetVpn.TestPlugins.Good.dll")} is missing. Install the plugin anew, or correct \"assembly\" in {folder.FileOf("test.good", "plugin.json")}.");
    }

    [Fact]
    public void Select_NoAssemblyInTheFile_IsFailed()
    {
        using var folder = new PluginFolder("test.good");
        folder.Write("test.good", "SubnetVpn.TestPlugins.Good.dll", "this is no assembly");

        AssertRefused(folder, "good", PluginStatus.Failed, $"{folder.FileOf("test.good", "SubnetVpn.TestPlugins.Good.dll")} is no .NET assembly that can be loaded here. Install the plugin anew.");
    }

    [Fact]
    public void Select_ThrowsOnLoad_IsFailed()
    {
        using var folder = new PluginFolder("test.throws-on-load");

        AssertRefused(folder, "throws-on-load", PluginStatus.Failed, $"{folder.FileOf("test.throws-on-load", "SubnetVpn.TestPlugins.ThrowsOnLoad.dll")} threw while it was loaded: InvalidOperationException: the library is not well. Install a version that was built for contract 1.0, or tell the plugin's author.");
    }

    [Fact]
    public void Select_StaticConstructorThrows_IsFailed()
    {
        using var folder = new PluginFolder("test.static-fault");

        AssertRefused(folder, "static-fault", PluginStatus.Failed, $"{folder.FileOf("test.static-fault", "SubnetVpn.TestPlugins.StaticFault.dll")}: SubnetVpn.TestPlugins.StaticFault.StaticFaultPlugin threw in ", "FormatException: 'Not An Id' is not a plugin id");
    }

    [Fact]
    public void Select_SeveralPluginClasses_IsFailed()
    {
        using var folder = new PluginFolder("test.several");

        AssertRefused(folder, "several", PluginStatus.Failed, "It has several public classes that implement IPlugin: SubnetVpn.TestPlugins.Several.OnePlugin, SubnetVpn.TestPlugins.Several.OtherPlugin. Exactly one is needed.");
    }

    [Fact]
    public void Select_NoPluginClass_IsFailed()
    {
        using var folder = new PluginFolder("test.private1");
        folder.EditManifest("test.private1", "SubnetVpn.TestPlugins.Private1.dll", "SubnetVpn.TestPlugins.PrivateLibrary.dll");

        AssertRefused(folder, "private1", PluginStatus.Failed, "It has no public class that implements IPlugin. One is needed.");
    }

    [Fact]
    public void Select_IdDiffersFromManifest_IsFailed()
    {
        using var folder = new PluginFolder();
        folder.Copy("test.good", "test.other");
        folder.EditManifest("test.other", "\"test.good\"", "\"test.other\"");

        AssertRefused(folder, "good", PluginStatus.Failed, "SubnetVpn.TestPlugins.Good.GoodPlugin says its id is 'test.good', but plugin.json says 'test.other'. They must be the same.");
    }

    [Fact]
    public void Select_PrivateDependencyMissing_IsFailedWhenItIsMade()
    {
        using var folder = new PluginFolder("test.private1");
        File.Delete(folder.FileOf("test.private1", "SubnetVpn.TestPlugins.PrivateLibrary.dll"));
        var catalog = folder.Open();

        var selection = catalog.Select(StrategyKind.Registry, "private1");

        Assert.True(selection.IsSelected, selection.Error?.Message);
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork("default", selection.Strategy);
        var registry = Autofac.ResolutionExtensions.Resolve<Discovery.IAddressRegistry>(network);
        Assert.Throws<FileNotFoundException>(() => registry.ToString());
    }

    [Theory]
    [InlineData("configure", "threw in Configure: InvalidOperationException: no luck today. Tell the plugin's author, or install another version.")]
    [InlineData("registers_nothing", "plugin.json provides registry:faulty, which SubnetVpn.TestPlugins.Faulty.FaultyPlugin does not register.")]
    [InlineData("registers_more", "SubnetVpn.TestPlugins.Faulty.FaultyPlugin registers registry:more, which plugin.json does not provide. Add it to \"provides\".")]
    [InlineData("registers_twice", "threw in Configure: ArgumentException: registry:faulty is registered twice.")]
    [InlineData("wrong_contract", "does not implement SubnetVpn.Discovery.IPeerDiscovery, which discovery:odd is to offer.")]
    [InlineData("wrong_offer", "does not implement SubnetVpn.Discovery.IRecordStore, which registry:faulty is to offer.")]
    [InlineData("bad_name", "'Not A Name' is no name for a strategy")]
    [InlineData("unsupported_options", "threw in the binding of its options: NotSupportedException: The property Callback")]
    public void Select_FaultInConfigure_IsFailed(string fault, string reason)
    {
        using var folder = new PluginFolder("test.faulty");
        folder.Configuration["plugins:test.faulty:fault"] = fault;

        AssertRefused(folder, "faulty", PluginStatus.Failed, folder.FileOf("test.faulty", "SubnetVpn.TestPlugins.Faulty.dll") + ": ", reason);
    }

    [Fact]
    public void Select_BuilderUsedTooLate_ThrowsThere()
    {
        using var folder = new PluginFolder("test.faulty");
        folder.Configuration["plugins:test.faulty:fault"] = "late_builder";
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork("default", catalog.Take(StrategyKind.Registry, "faulty"));

        var registry = Autofac.ResolutionExtensions.Resolve<Discovery.IAddressRegistry>(network);

        Assert.Equal("The builder is only valid during IPlugin.Configure.", registry.ToString());
    }

    private static void AssertRefused(PluginFolder folder, string registry, PluginStatus status, params string[] reasons)
    {
        folder.Copy("test.options");
        var catalog = folder.Open(settings => settings with { Platform = "linux" });

        var message = catalog.Refusal(StrategyKind.Registry, registry, SelectionFailure.Unusable);
        var again = catalog.Refusal(StrategyKind.Registry, registry, SelectionFailure.Unusable);

        var info = catalog.GetStatus().Single(info => info.Provides.Contains($"registry:{registry}"));
        Assert.Equal(status, info.Status);
        Assert.Equal(message, again);
        Assert.StartsWith($"registry:{registry} is provided by a plugin that cannot be used: {info.Id} ({status.ToString().ToLowerInvariant()}: ", message, StringComparison.Ordinal);
        foreach (var reason in reasons)
        {
            Assert.Contains(reason, info.Reason, StringComparison.Ordinal);
            Assert.Contains(reason, message, StringComparison.Ordinal);
        }
        catalog.Take(StrategyKind.Registry, "options");
    }
}
