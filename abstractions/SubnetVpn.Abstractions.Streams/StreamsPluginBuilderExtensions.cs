using SubnetVpn.Plugins;

namespace SubnetVpn.Streams;

/// <summary>Registers transports and schedulers.</summary>
public static class StreamsPluginBuilderExtensions
{
    /// <summary>Registers a transport under a name.</summary>
    /// <typeparam name="T">The class; one instance is made per node.</typeparam>
    /// <param name="builder">The plugin's builder.</param>
    /// <param name="name">The name in <c>strategies: { transport: … }</c>, in lower case.</param>
    /// <param name="offers">Further contracts that the class implements and offers to other strategies, such as a record store.</param>
    public static void AddTransport<T>(this IPluginBuilder builder, string name, params Type[] offers) where T : class, ITransport
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddStrategy(new StrategyDescriptor(StrategyKind.Transport, name, typeof(ITransport), typeof(T)) { Offers = offers });
    }

    /// <summary>Registers a stream scheduler under a name.</summary>
    /// <typeparam name="T">The class; one instance is made per network that selects it.</typeparam>
    /// <param name="builder">The plugin's builder.</param>
    /// <param name="name">The name in <c>strategies: { scheduler: … }</c>, in lower case.</param>
    public static void AddScheduler<T>(this IPluginBuilder builder, string name) where T : class, IStreamScheduler
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddStrategy(new StrategyDescriptor(StrategyKind.Scheduler, name, typeof(IStreamScheduler), typeof(T)));
    }
}
