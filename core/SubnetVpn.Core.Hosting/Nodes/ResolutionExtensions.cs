using Autofac;
using Autofac.Core;
using SubnetVpn.Core.Plugins.Composition;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>Resolves what plugins had a part in.</summary>
internal static class ResolutionExtensions
{
    /// <summary>Resolves a service; what a plugin threw comes out as it is, not inside the composition's own exceptions.</summary>
    /// <exception cref="VpnException">A plugin's strategy could not be made.</exception>
    public static T ResolveOrTell<T>(this IComponentContext context) where T : notnull
    {
        try
        {
            return context.Resolve<T>();
        }
        catch (DependencyResolutionException exception) when (StrategyFault.Find(exception) is { } fault)
        {
            throw fault;
        }
    }
}
