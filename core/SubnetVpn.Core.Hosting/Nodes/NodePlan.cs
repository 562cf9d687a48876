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
    private NodePlan(NodeConfiguration configuration, PluginCatalog catalog, SelectedStrategy transport, IReadOnlyList<NetworkPlan> networks) =>
        (Configuration, Catalog, Transport, Networks) = (configuration, catalog, transport, networks);

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
    public static NodePlan Make(ConfigurationInputs inputs, ILoggerFactory? loggers = null)
    {
        var configuration = ConfigurationLoader.TryLoad(inputs, out var mistakes);
        return configuration is null ? throw new ConfigurationException(mistakes, ConfigurationOrigins.None) : Make(configuration, mistakes, loggers);
    }

    /// <summary>Plans a node from a configuration that the host built.</summary>
    /// <param name="configuration">The sections <c>node</c>, <c>vpn</c>, <c>plugins</c> and so on, with nothing beside them.</param>
    /// <param name="baseDirectory">Where relative paths count from.</param>
    /// <param name="loggers">For plugins that are loaded or fail; null for no log.</param>
    /// <exception cref="ConfigurationException">Something is wrong: every mistake.</exception>
    public static NodePlan Make(IConfiguration configuration, string baseDirectory, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var mistakes = new List<ConfigurationMistake>();
        return Make(ConfigurationReader.Read(configuration, Path.GetFullPath(baseDirectory), mistakes), mistakes, loggers);
    }

    /// <summary>Lets go of the plugins.</summary>
    public void Dispose() => Catalog.Dispose();

    private static NodePlan Make(NodeConfiguration configuration, List<ConfigurationMistake> mistakes, ILoggerFactory? loggers)
    {
        var catalog = PluginCatalog.Open(
            new PluginCatalogSettings
            {
                Directories = PluginDirectories.Find(configuration.Plugins.Directory, configuration.BaseDirectory, AppContext.BaseDirectory),
                Disabled = configuration.Plugins.Disabled,
                Collectible = configuration.Plugins.Collectible,
            },
            configuration.Root,
            loggers);
        var selector = new StrategySelector(catalog, mistakes);
        var networks = configuration.Networks.Select(selector.Select).ToList();
        var transport = configuration.Networks.Count > 0 ? selector.SelectTransport(configuration.Networks[0]) : null;
        catalog.CheckConfiguration(mistakes);
        if (mistakes.Count == 0)
            return new NodePlan(configuration, catalog, transport!, networks);
        catalog.Dispose();
        throw new ConfigurationException(mistakes, configuration.Origins);
    }
}
