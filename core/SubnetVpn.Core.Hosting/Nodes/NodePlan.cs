using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>
/// A node that can be started: its configuration is right, and the plugins it selects are loaded. Making a plan starts
/// nothing. Dispose of it after the node.
/// </summary>
public sealed class NodePlan : IDisposable
{
    private readonly Func<List<ConfigurationMistake>, NodeConfiguration?> _read;

    private NodePlan(
        Func<List<ConfigurationMistake>, NodeConfiguration?> read, NodeConfiguration configuration, PluginCatalog catalog, SelectedStrategy transport, IReadOnlyList<NetworkPlan> networks)
    {
        _read = read;
        (Configuration, Catalog, Transport, Networks) = (configuration, catalog, transport, networks);
    }

    /// <summary>The configuration.</summary>
    public NodeConfiguration Configuration { get; }

    /// <summary>The plugins.</summary>
    public PluginCatalog Catalog { get; }

    internal SelectedStrategy Transport { get; }

    internal IReadOnlyList<NetworkPlan> Networks { get; }

    /// <summary>Plans a node from a file, the environment and the command line.</summary>
    /// <param name="inputs">Where the configuration comes from.</param>
    /// <param name="loggers">For plugins that are loaded or fail; null for no log.</param>
    /// <exception cref="VpnException">
    /// The file cannot be read, or something is wrong with the configuration or the selected plugins
    /// (<see cref="ConfigurationException"/>, with every mistake).
    /// </exception>
    public static NodePlan Make(ConfigurationInputs inputs, ILoggerFactory? loggers = null) =>
        Make(mistakes => ConfigurationLoader.TryLoad(inputs, mistakes), null, loggers);

    /// <summary>Plans a node from a configuration that the host built.</summary>
    /// <param name="configuration">The sections <c>node</c>, <c>vpn</c>, <c>plugins</c> and so on, with nothing beside them.</param>
    /// <param name="baseDirectory">Where relative paths count from.</param>
    /// <param name="loggers">For plugins that are loaded or fail; null for no log.</param>
    /// <exception cref="ConfigurationException">Something is wrong: every mistake.</exception>
    public static NodePlan Make(IConfiguration configuration, string baseDirectory, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        // A copy: what the host changes later counts when it asks for it.
        return Make(mistakes => ConfigurationReader.Read(Copy(configuration), Path.GetFullPath(baseDirectory), mistakes), null, loggers);
    }

    /// <summary>Lets go of the plugins.</summary>
    public void Dispose() => Catalog.Dispose();

    /// <summary>
    /// Plans the node anew from the same inputs as they are now. The plugins stay as they are loaded, unless the plugins
    /// folder or its switches changed: then the new plan has others, for a look only (<see cref="SharesPluginsWith"/>).
    /// </summary>
    /// <exception cref="VpnException">As with <see cref="Make(ConfigurationInputs, ILoggerFactory?)"/>.</exception>
    internal NodePlan Remake(ILoggerFactory loggers) => Make(_read, this, loggers);

    /// <summary>Whether strategies of this plan can be composed with what another one's node runs.</summary>
    internal bool SharesPluginsWith(NodePlan other) => HasSamePlugins(Configuration.Plugins, other.Configuration.Plugins);

    private static NodePlan Make(Func<List<ConfigurationMistake>, NodeConfiguration?> read, NodePlan? before, ILoggerFactory? loggers)
    {
        var mistakes = new List<ConfigurationMistake>();
        var configuration = read(mistakes) ?? throw new ConfigurationException(mistakes, ConfigurationOrigins.None);
        var catalog = before is not null && HasSamePlugins(before.Configuration.Plugins, configuration.Plugins)
            ? before.Catalog.With(configuration.Root)
            : Open(configuration, isForALook: before is not null, loggers);
        var selector = new StrategySelector(catalog, mistakes);
        var networks = configuration.Networks.Select(network => selector.Select(network, configuration.Root)).ToList();
        var transport = configuration.Networks.Count > 0 ? selector.SelectTransport(configuration.Networks[0]) : null;
        catalog.CheckConfiguration(mistakes);
        if (mistakes.Count == 0)
            return new NodePlan(read, configuration, catalog, transport!, networks);
        catalog.Dispose();
        throw new ConfigurationException(mistakes, configuration.Origins);
    }

    private static PluginCatalog Open(NodeConfiguration configuration, bool isForALook, ILoggerFactory? loggers) => PluginCatalog.Open(
        new PluginCatalogSettings
        {
            Directories = PluginDirectories.Find(configuration.Plugins.Directory, configuration.BaseDirectory, AppContext.BaseDirectory),
            Disabled = configuration.Plugins.Disabled,
            Collectible = configuration.Plugins.Collectible || isForALook,
        },
        configuration.Root,
        loggers);

    private static bool HasSamePlugins(PluginsOptions left, PluginsOptions right) =>
        left.Directory == right.Directory && left.Collectible == right.Collectible && left.Disabled.Order().SequenceEqual(right.Disabled.Order());

    private static IConfiguration Copy(IConfiguration configuration)
    {
        var copy = new ConfigurationBuilder().AddInMemoryCollection(configuration.AsEnumerable()).Build();
        // Paths in mistakes are those of the application.
        return configuration is IConfigurationSection section ? copy.GetSection(section.Path) : copy;
    }
}
