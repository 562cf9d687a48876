using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Autofac;
using SubnetVpn.Core.Plugins.Loading;
using SubnetVpn.Core.Plugins.Tests.Support;
using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Tests.Loading;

public sealed class PluginLoadContextTests
{
    [Fact]
    public void Names_OfProcess_AreTheClosureOfTheAbstractions() =>
        Assert.Equal(
            [
                "Microsoft.Extensions.Configuration.Abstractions",
                "Microsoft.Extensions.DependencyInjection.Abstractions",
                "Microsoft.Extensions.Logging.Abstractions",
                "Microsoft.Extensions.Primitives",
                "SubnetVpn.Abstractions",
                "SubnetVpn.Abstractions.Discovery",
                "SubnetVpn.Abstractions.Resilience",
                "SubnetVpn.Abstractions.Streams",
                "SubnetVpn.Abstractions.Tun",
            ],
            SharedAssemblies.OfProcess().Names);

    [Fact]
    public void LoadFromAssemblyName_PrivateAssemblyOfTheHost_IsOutOfReach()
    {
        using var folder = new PluginFolder("test.good");
        var context = Open(folder);

        Assert.Throws<FileNotFoundException>(() => context.LoadFromAssemblyName(typeof(ContainerBuilder).Assembly.GetName()));
    }

    [Fact]
    public void LoadFromAssemblyName_SharedAndFramework_AreTheHosts()
    {
        using var folder = new PluginFolder("test.good");
        var context = Open(folder);

        Assert.Same(typeof(IPeerDiscovery).Assembly, context.LoadFromAssemblyName(typeof(IPeerDiscovery).Assembly.GetName()));
        Assert.Same(typeof(System.Diagnostics.Metrics.IMeterFactory).Assembly, context.LoadFromAssemblyName(typeof(System.Diagnostics.Metrics.IMeterFactory).Assembly.GetName()));
        Assert.Same(typeof(Uri).Assembly, context.LoadFromAssemblyName(typeof(Uri).Assembly.GetName()));
    }

    [Fact]
    public void LoadFromAssemblyName_CopyOfASharedAssemblyInTheFolder_IsTheHosts()
    {
        using var folder = new PluginFolder("test.good");
        foreach (var carried in new[] { typeof(IPlugin).Assembly, typeof(Microsoft.Extensions.Logging.ILogger).Assembly })
            File.Copy(carried.Location, folder.FileOf("test.good", Path.GetFileName(carried.Location)));
        File.Delete(folder.FileOf("test.good", "SubnetVpn.TestPlugins.Good.deps.json"));

        var strategy = folder.Open().Take(StrategyKind.Registry, "good");

        Assert.True(typeof(IAddressRegistry).IsAssignableFrom(strategy.Descriptor.Implementation));
    }

    [Fact]
    public void LoadFromAssemblyName_OwnCopyOfWhatTheHostAlsoHas_IsPrivate()
    {
        using var folder = new PluginFolder("test.good");
        File.Copy(typeof(ContainerBuilder).Assembly.Location, folder.FileOf("test.good", "Autofac.dll"));
        File.Delete(folder.FileOf("test.good", "SubnetVpn.TestPlugins.Good.deps.json"));
        var context = Open(folder);

        var assembly = context.LoadFromAssemblyName(typeof(ContainerBuilder).Assembly.GetName());

        Assert.NotSame(typeof(ContainerBuilder).Assembly, assembly);
        Assert.Equal(folder.FileOf("test.good", "Autofac.dll"), assembly.Location);
    }

    [Fact]
    public void LoadUnmanagedDll_LibraryInTheFolder_IsThatOne()
    {
        using var folder = new PluginFolder("test.native");
        File.Copy(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so"), folder.FileOf("test.native", "libtestnative.so"));
        var catalog = folder.Open();
        using var root = NetworkScope.BuildRoot(catalog);
        using var network = root.BeginNetwork("home", catalog.Take(StrategyKind.Registry, "native"));

        var reported = network.Resolve<IAddressRegistry>().ToString();

        Assert.Equal($"{Environment.ProcessId}", reported);
        Assert.Contains(folder.FileOf("test.native", "libtestnative.so"), File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Collectible_UnloadsWhatWasUsed()
    {
        using var folder = new PluginFolder("test.good", "test.options");

        var contexts = UseAndDispose(folder);

        for (var round = 0; round < 20 && contexts.Exists(context => context.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.DoesNotContain(contexts, context => context.IsAlive);
    }

    [Fact]
    public void Contains_SelfContainedApplication_KnowsTheFrameworkByName()
    {
        var framework = new FrameworkAssemblies(["/app/System.Runtime.dll", "/app/Autofac.dll"], string.Empty, "/app");

        Assert.True(framework.Contains("System.Runtime"));
        Assert.False(framework.Contains("Autofac"));
        Assert.False(framework.Contains("Microsoft.Extensions.Options"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> UseAndDispose(PluginFolder folder)
    {
        var catalog = folder.Open(settings => settings with { Collectible = true });
        var good = catalog.Take(StrategyKind.Registry, "good");
        var options = catalog.Take(StrategyKind.Registry, "options");
        using (var root = NetworkScope.BuildRoot(catalog))
        using (var network = root.BeginNetwork("home", good, options, catalog.Take(StrategyKind.Discovery, "first")))
        {
            Assert.Equal(2, network.Resolve<IReadOnlyList<IAddressRegistry>>().Count);
            Assert.NotNull(network.Resolve<IPeerDiscovery>());
        }
        var contexts = new[] { good, options }.Select(strategy => AssemblyLoadContext.GetLoadContext(strategy.Descriptor.Implementation.Assembly)!).ToList();
        Assert.All(contexts, context => Assert.True(context.IsCollectible));
        catalog.Dispose();
        return contexts.ConvertAll(context => new WeakReference(context));
    }

    private static PluginLoadContext Open(PluginFolder folder) =>
        new("test.good", folder.FileOf("test.good", "SubnetVpn.TestPlugins.Good.dll"), SharedAssemblies.OfProcess(), isCollectible: false);
}
