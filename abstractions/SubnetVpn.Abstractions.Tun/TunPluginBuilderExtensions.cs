using SubnetVpn.Plugins;

namespace SubnetVpn.Tun;

/// <summary>Registers TUN strategies.</summary>
public static class TunPluginBuilderExtensions
{
    /// <summary>Registers a TUN device factory under a name.</summary>
    /// <typeparam name="T">The class; one instance is made per network that selects it.</typeparam>
    /// <param name="builder">The plugin's builder.</param>
    /// <param name="name">The name in <c>strategies: { tun: … }</c>, in lower case; <c>auto</c> is taken.</param>
    public static void AddTun<T>(this IPluginBuilder builder, string name) where T : class, ITunDeviceFactory
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddStrategy(new StrategyDescriptor(StrategyKind.Tun, name, typeof(ITunDeviceFactory), typeof(T)));
    }
}
