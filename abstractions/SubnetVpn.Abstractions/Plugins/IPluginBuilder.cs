using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Plugins;

/// <summary>
/// What a plugin says of itself. Each abstraction assembly adds one method per strategy kind, such as
/// <c>AddDiscovery&lt;T&gt;("dht")</c>; use those instead of <see cref="AddStrategy"/>.
/// </summary>
/// <remarks>
/// The constructor of a strategy may ask for: the options types the plugin added, <c>ILogger&lt;T&gt;</c> and
/// <c>ILoggerFactory</c>, <see cref="TimeProvider"/>, <c>IMeterFactory</c>, <see cref="INodeIdentity"/>,
/// <see cref="IEd25519"/>, <see cref="IVirtualSubnets"/>, <see cref="IPacketPool"/>, and, in a network's scope, <see cref="NetworkContext"/>.
/// </remarks>
public interface IPluginBuilder
{
    /// <summary>The plugin's own section of the configuration, <c>plugins:</c> → id. Empty when there is none.</summary>
    IConfigurationSection Configuration { get; }

    /// <summary>Registers a strategy.</summary>
    /// <param name="strategy">What it is, and its name.</param>
    /// <exception cref="ArgumentException">The name is taken by this plugin already, or the type does not implement the contract.</exception>
    void AddStrategy(StrategyDescriptor strategy);

    /// <summary>
    /// Binds the plugin's section to an options class, which strategies then take in their constructor. Data
    /// annotations are checked at start; unknown keys are errors. Every mistake is reported with its path.
    /// </summary>
    /// <typeparam name="TOptions">A class with settable properties and defaults. Keys are the property names in snake case.</typeparam>
    void AddOptions<TOptions>() where TOptions : class, new();
}
