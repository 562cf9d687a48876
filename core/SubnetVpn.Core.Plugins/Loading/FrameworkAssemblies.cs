using System.Reflection;

namespace SubnetVpn.Core.Plugins.Loading;

/// <summary>Which assemblies belong to the shared frameworks that this process runs on; every load context resolves those alike.</summary>
internal sealed class FrameworkAssemblies
{
    private readonly Dictionary<string, string> _pathByName = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _byName;

    /// <param name="trustedAssemblies">The paths of the assemblies that the default context knows.</param>
    /// <param name="coreLibrary">The path of the core library; empty in a single-file application.</param>
    /// <param name="applicationDirectory">Where the application lies.</param>
    public FrameworkAssemblies(IEnumerable<string> trustedAssemblies, string coreLibrary, string applicationDirectory)
    {
        // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/System.Private.CoreLib.dll; others lie beside it under shared/.
        var shared = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(coreLibrary)));
        // A self-contained application carries the framework among its own files: only names tell them apart.
        _byName = string.IsNullOrEmpty(shared) || Path.GetFullPath(applicationDirectory).StartsWith(shared + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (_byName)
            return;
        foreach (var path in trustedAssemblies)
            if (path.StartsWith(shared + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                _pathByName.TryAdd(Path.GetFileNameWithoutExtension(path), path);
    }

    /// <summary>Of this process.</summary>
    public static FrameworkAssemblies OfProcess() => new(TrustedAssemblies(), typeof(object).Assembly.Location, AppContext.BaseDirectory);

    /// <summary>The paths of the assemblies that the default context of this process knows.</summary>
    public static string[] TrustedAssemblies() =>
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Whether an assembly is one of the framework.</summary>
    /// <param name="name">Its simple name.</param>
    public bool Contains(string name) => _byName
        ? name is "mscorlib" or "netstandard" or "System" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal)
        : _pathByName.ContainsKey(name);

    /// <summary>Whether the framework's copy of an assembly is to be preferred to a plugin's: it is not older.</summary>
    /// <param name="name">The simple name.</param>
    /// <param name="pluginCopy">The path of the plugin's copy.</param>
    public bool Supersedes(string name, string pluginCopy) =>
        _pathByName.TryGetValue(name, out var path) && AssemblyName.GetAssemblyName(path).Version >= AssemblyName.GetAssemblyName(pluginCopy).Version;
}
