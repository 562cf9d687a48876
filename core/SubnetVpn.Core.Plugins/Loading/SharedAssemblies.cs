using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.Logging;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Loading;

/// <summary>
/// What the host shares with every plugin: the abstraction assemblies, logging, and what they refer to, transitively, without
/// the framework. Types of these are the same on both sides; everything else is private to its plugin.
/// </summary>
internal sealed class SharedAssemblies
{
    private const string AbstractionsPrefix = "SubnetVpn.Abstractions";

    private readonly HashSet<string> _names;

    private SharedAssemblies(AssemblyLoadContext host, FrameworkAssemblies framework, HashSet<string> names)
    {
        HostContext = host;
        Framework = framework;
        _names = names;
    }

    /// <summary>The load context in which the shared assemblies live.</summary>
    public AssemblyLoadContext HostContext { get; }

    /// <summary>The framework's assemblies.</summary>
    public FrameworkAssemblies Framework { get; }

    /// <summary>The simple names, sorted.</summary>
    public IEnumerable<string> Names => _names.Order(StringComparer.Ordinal);

    /// <summary>Whether an assembly is shared.</summary>
    /// <param name="name">The simple name.</param>
    public bool Contains(string name) => _names.Contains(name);

    /// <summary>Finds the shared assemblies of this process.</summary>
    public static SharedAssemblies OfProcess()
    {
        var own = typeof(IPlugin).Assembly;
        var host = AssemblyLoadContext.GetLoadContext(own) ?? AssemblyLoadContext.Default;
        var framework = FrameworkAssemblies.OfProcess();
        // Not only those in use already: a plugin may be the first to use one.
        var roots = host.Assemblies.Select(static assembly => assembly.GetName().Name)
            .Concat(FrameworkAssemblies.TrustedAssemblies().Select(Path.GetFileNameWithoutExtension))
            .Where(static name => name is not null && (name == AbstractionsPrefix || name.StartsWith(AbstractionsPrefix + ".", StringComparison.Ordinal)))
            .Select(static name => new AssemblyName(name!))
            .Prepend(own.GetName())
            // Promised to the constructors of strategies, though no signature of the abstractions mentions it.
            .Append(typeof(ILogger).Assembly.GetName());

        var names = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<AssemblyName>(roots);
        while (open.TryDequeue(out var name))
        {
            if (framework.Contains(name.Name!) || !names.Add(name.Name!))
                continue;
            foreach (var reference in host.LoadFromAssemblyName(name).GetReferencedAssemblies())
                open.Enqueue(reference);
        }
        return new SharedAssemblies(host, framework, names);
    }
}
