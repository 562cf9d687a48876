using Autofac;
using Autofac.Core.Resolving.Pipeline;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Composition;

/// <summary>Registers selected strategies with Autofac.</summary>
public static class StrategyContainerBuilderExtensions
{
    /// <summary>
    /// Registers a strategy as its contract and as what it offers, with the options of its plugin. A transport goes into the
    /// builder of the root container and lives once; any other goes into the builder of a scope with the tag
    /// <see cref="ScopeTags.Network"/> and lives once in it. Several of one kind are resolved as
    /// <c>IReadOnlyList&lt;T&gt;</c>, in the order of registration.
    /// </summary>
    /// <remarks>
    /// When the strategy cannot be made, resolving throws, with a <see cref="VpnException"/> inside (see
    /// <see cref="StrategyFault.Find"/>), and the plugin's status is <c>Failed</c>.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="strategy">The strategy.</param>
    /// <exception cref="VpnException">The options have mistakes; use <see cref="PluginCatalog.CheckConfiguration"/> before, to report them all.</exception>
    public static void RegisterStrategy(this ContainerBuilder builder, SelectedStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(strategy);
        var mistakes = new List<ConfigurationMistake>();
        foreach (var options in strategy.BindOptions(mistakes))
            builder.RegisterInstance(options).As(options.GetType());
        if (mistakes.Count > 0)
            throw new VpnException(VpnErrorReason.Configuration, string.Join(Environment.NewLine, mistakes));

        var descriptor = strategy.Descriptor;
        var registration = builder.RegisterType(descriptor.Implementation).As([descriptor.Contract, .. descriptor.Offers]);
        registration = descriptor.Kind == StrategyKind.Transport ? registration.SingleInstance() : registration.InstancePerMatchingLifetimeScope(ScopeTags.Network);
        registration.ConfigurePipeline(pipeline => pipeline.Use(strategy.ToString(), PipelinePhase.Activation, MiddlewareInsertionMode.StartOfPhase, (context, next) => Activate(strategy, context, next)));
    }

    private static void Activate(SelectedStrategy strategy, ResolveRequestContext context, Action<ResolveRequestContext> next)
    {
        try
        {
            next(context);
        }
        catch (Exception exception) when (!StrategyFault.IsBlamed(exception))
        {
            var reason = strategy.MarkFailed(StrategyFault.Unwrap(exception));
            if (StrategyFault.Find(exception) is { } told)
            {
                StrategyFault.Blame(told);
                throw;
            }
            var fault = new VpnException(VpnErrorReason.Plugin, $"The plugin {strategy.Plugin} failed. {reason} Select another strategy, or mend the plugin.", exception);
            StrategyFault.Blame(fault);
            throw fault;
        }
        strategy.MarkActive();
    }
}
