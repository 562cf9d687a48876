using System.Reflection;
using System.Runtime.Loader;

namespace SubnetVpn.Core.Plugins.Loading;

/// <summary>
/// The load context of one plugin. The order in which an assembly is looked for: shared with the host; the framework's, unless
/// the plugin carries a newer one; the plugin's folder as its <c>.deps.json</c> says; the framework's. What the host happens
/// to carry beside that is out of reach, so that a plugin runs in every host or in none.
/// </summary>
internal sealed class PluginLoadContext : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;
    private readonly SharedAssemblies _shared;

    public PluginLoadContext(string name, string entryAssembly, SharedAssemblies shared, bool isCollectible)
        : base(name, isCollectible)
    {
        _resolver = new AssemblyDependencyResolver(entryAssembly);
        _shared = shared;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name!;
        if (_shared.Contains(name))
            return _shared.HostContext.LoadFromAssemblyName(assemblyName);
        var path = _resolver.ResolveAssemblyToPath(assemblyName);
        if (path is not null && !_shared.Framework.Supersedes(name, path))
            return LoadFromAssemblyPath(path);
        // Null hands over to the default context, which would find the host's private assemblies too.
        if (path is not null || _shared.Framework.Contains(name) || !string.IsNullOrEmpty(assemblyName.CultureName))
            return null;
        throw new FileNotFoundException($"The assembly {name} is neither in the plugin's folder nor shared by the host.", name);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        var path = _resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        return path is null ? nint.Zero : LoadUnmanagedDllFromPath(path);
    }
}
