using SubnetVpn.Plugins;

namespace SubnetVpn.Discovery;

/// <summary>Registers discovery and registry strategies.</summary>
public static class DiscoveryPluginBuilderExtensions
{
    /// <summary>Registers a discovery strategy under a name.</summary>
    /// <typeparam name="T">The class; one instance is made per network that selects it.</typeparam>
    /// <param name="builder">The plugin's builder.</param>
    /// <param name="name">The name in <c>strategies: { discovery: […] }</c>, in lower case.</param>
    public static void AddDiscovery<T>(this IPluginBuilder builder, string name) where T : class, IPeerDiscovery
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddStrategy(new StrategyDescriptor(StrategyKind.Discovery, name, typeof(IPeerDiscovery), typeof(T)));
    }

    /// <summary>Registers an address registry under a name.</summary>
    /// <typeparam name="T">The class; one instance is made per network that selects it.</typeparam>
    /// <param name="builder">The plugin's builder.</param>
    /// <param name="name">The name in <c>strategies: { registry: … }</c>, in lower case.</param>
    public static void AddRegistry<T>(this IPluginBuilder builder, string name) where T : class, IAddressRegistry
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddStrategy(new StrategyDescriptor(StrategyKind.Registry, name, typeof(IAddressRegistry), typeof(T)));
    }
}
