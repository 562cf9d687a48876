using System.Runtime.Loader;
using Autofac.Core;

namespace SubnetVpn.Core.Plugins.Composition;

/// <summary>What Autofac remembers of types, process-wide, for as long as any container lives.</summary>
internal static class ReflectionMemory
{
    /// <summary>Makes Autofac forget the types of load contexts that are about to be unloaded.</summary>
    public static void Forget(IReadOnlyCollection<AssemblyLoadContext> contexts) =>
        ReflectionCacheSet.Shared.Clear((_, assemblies) => assemblies.Any(assembly => AssemblyLoadContext.GetLoadContext(assembly) is { } context && contexts.Contains(context)));
}
