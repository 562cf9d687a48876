using Autofac;
using Autofac.Core;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Composition;
using SubnetVpn.Core.Plugins.Tests.Support;
using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Tests.Composition;

public sealed class StrategyRegistrationTests
{
    [Fact]
    public void Resolve_TwoNetworks_HaveInstancesOfTheirOwnThatEndWithThem()
    {
        using var folder = new PluginFolder("test.good");
        using var log = new ListLoggerFactory();
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog, log);
        var strategy = catalog.Take(StrategyKind.Registry, "good");
        var home = root.BeginNetwork("home", strategy);
        using var office = root.BeginNetwork("office", strategy);

        var first = home.Resolve<IAddressRegistry>();
        var second = office.Resolve<IAddressRegistry>();
        home.Dispose();

        Assert.Equal(("good registry of home", "good registry of office"), (first.ToString(), second.ToString()));
        Assert.Same(second, office.Resolve<IAddressRegistry>());
        Assert.Equal(["SubnetVpn.TestPlugins.Good.GoodRegistry: made for home", "SubnetVpn.TestPlugins.Good.GoodRegistry: made for office", "SubnetVpn.TestPlugins.Good.GoodRegistry: disposed of for home"], log.Lines);
    }

    [Fact]
    public void Resolve_NetworkBegunAgain_HasANewInstance()
    {
        using var folder = new PluginFolder("test.good");
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        var strategy = catalog.Take(StrategyKind.Registry, "good");

        IAddressRegistry first, second;
        using (var network = root.BeginNetwork("home", strategy))
            first = network.Resolve<IAddressRegistry>();
        using (var network = root.BeginNetwork("home", strategy))
            second = network.Resolve<IAddressRegistry>();

        Assert.NotSame(first, second);
    }

    [Fact]
    public void Resolve_DiscoveryList_KeepsTheOrderAndSharesWhatIsOffered()
    {
        using var folder = new PluginFolder("test.good");
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork(
            "home",
            catalog.Take(StrategyKind.Discovery, "second"),
            catalog.Take(StrategyKind.Registry, "good"),
            catalog.Take(StrategyKind.Discovery, "first"));

        var discoveries = network.Resolve<IReadOnlyList<IPeerDiscovery>>();

        Assert.Equal(["second over good registry of home", "first over good registry of home"], discoveries.Select(discovery => discovery.ToString()));
        Assert.Same(network.Resolve<IAddressRegistry>(), network.Resolve<IRecordStore>());
    }

    [Fact]
    public void Resolve_Options_AreBoundWhenTheNetworkBegins()
    {
        using var folder = new PluginFolder("test.options");
        folder.Configuration["plugins:test.options:peers:0:id"] = "a";
        folder.Configuration["plugins:test.options:peers:0:virtual_ips:0"] = "10.0.0.2";
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        var strategy = catalog.Take(StrategyKind.Registry, "options");
        using var before = root.BeginNetwork("home", strategy);

        var first = before.Resolve<IAddressRegistry>().ToString();
        folder.Configuration["plugins:test.options:dial_timeout"] = "5m";
        using var after = root.BeginNetwork("office", strategy);
        var second = after.Resolve<IAddressRegistry>().ToString();

        Assert.Equal(("00:00:10 a=10.0.0.2", "00:05:00 a=10.0.0.2"), (first, second));
    }

    [Fact]
    public void RegisterStrategy_MistakeInOptions_Throws()
    {
        using var folder = new PluginFolder("test.options");
        folder.Configuration["plugins:test.options:dial_timeout"] = "soon";
        folder.Configuration["plugins:test.options:peers"] = "soon";
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        var strategy = catalog.Take(StrategyKind.Registry, "options");

        var exception = Assert.Throws<VpnException>(() => root.BeginNetwork("home", strategy));

        Assert.Equal(VpnErrorReason.Configuration, exception.Reason);
        Assert.Contains("plugins:test.options:dial_timeout: 'soon': ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("plugins:test.options:peers: 'soon': ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_ConstructorThrows_IsFailedUntilItWorks()
    {
        using var folder = new PluginFolder("test.faulty", "test.good");
        folder.Configuration["plugins:test.faulty:fault"] = "constructor";
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork("home", catalog.Take(StrategyKind.Registry, "faulty"));

        var exception = Assert.Throws<DependencyResolutionException>(() => network.Resolve<IAddressRegistry>());

        var fault = StrategyFault.Find(exception)!;
        var file = folder.FileOf("test.faulty", "SubnetVpn.TestPlugins.Faulty.dll");
        Assert.Equal(VpnErrorReason.Plugin, fault.Reason);
        Assert.Equal($"The plugin test.faulty failed. {file}: SubnetVpn.TestPlugins.Faulty.ThrowingRegistry threw while it was started: InvalidOperationException: cannot start. Select another strategy, or mend the plugin.", fault.Message);
        var info = catalog.GetStatus().Single(info => info.Id == "test.faulty");
        Assert.Equal((PluginStatus.Failed, $"{file}: SubnetVpn.TestPlugins.Faulty.ThrowingRegistry threw while it was started: InvalidOperationException: cannot start."), (info.Status, info.Reason));
        using var other = root.BeginNetwork("office", catalog.Take(StrategyKind.Registry, "good"));
        Assert.Equal("good registry of office", other.Resolve<IAddressRegistry>().ToString());
    }

    [Fact]
    public void Resolve_ConstructorTellsAVpnException_LetsItThrough()
    {
        using var folder = new PluginFolder("test.faulty");
        folder.Configuration["plugins:test.faulty:fault"] = "constructor_vpn";
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork("home", catalog.Take(StrategyKind.Registry, "faulty"));

        var exception = Assert.ThrowsAny<Exception>(() => network.Resolve<IAddressRegistry>());

        var fault = StrategyFault.Find(exception)!;
        Assert.Equal((VpnErrorReason.Permission, "The registry needs root. Run as root."), (fault.Reason, fault.Message));
        Assert.Equal(PluginStatus.Failed, Assert.Single(catalog.GetStatus()).Status);
    }

    [Fact]
    public void Resolve_DependencyThatNobodyOffers_IsFailedAndNamesIt()
    {
        using var folder = new PluginFolder("test.faulty");
        folder.Configuration["plugins:test.faulty:fault"] = "unknown_dependency";
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork("home", catalog.Take(StrategyKind.Registry, "faulty"));

        var exception = Assert.ThrowsAny<Exception>(() => network.Resolve<IAddressRegistry>());

        Assert.Contains("IRecordStore", StrategyFault.Find(exception)!.Message, StringComparison.Ordinal);
        Assert.Equal(PluginStatus.Failed, Assert.Single(catalog.GetStatus()).Status);
    }

    [Fact]
    public void Resolve_DependencyOfAnotherPluginThrows_BlamesThatOneAlone()
    {
        using var folder = new PluginFolder("test.faulty", "test.good");
        folder.Configuration["plugins:test.faulty:fault"] = "constructor_offer";
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork("home", catalog.Take(StrategyKind.Registry, "faulty"), catalog.Take(StrategyKind.Discovery, "first"));

        var exception = Assert.ThrowsAny<Exception>(() => network.Resolve<IPeerDiscovery>());

        Assert.StartsWith("The plugin test.faulty failed.", StrategyFault.Find(exception)!.Message, StringComparison.Ordinal);
        Assert.Equal([PluginStatus.Failed, PluginStatus.Active], catalog.GetStatus().Select(info => info.Status));
    }
}
