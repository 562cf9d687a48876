using SubnetVpn.Plugins;

namespace SubnetVpn.Resilience;

/// <summary>Registers resilience policies.</summary>
public static class ResiliencePluginBuilderExtensions
{
    /// <summary>Registers a resilience policy under a name.</summary>
    /// <typeparam name="T">The class; one instance is made per network that selects it. It may ask for <see cref="ResilienceSettings"/>.</typeparam>
    /// <param name="builder">The plugin's builder.</param>
    /// <param name="name">The name in <c>strategies: { resilience: … }</c>, in lower case.</param>
    public static void AddResilience<T>(this IPluginBuilder builder, string name) where T : class, IResiliencePolicy
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddStrategy(new StrategyDescriptor(StrategyKind.Resilience, name, typeof(IResiliencePolicy), typeof(T)));
    }
}
