namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>Where the plugins folder may be.</summary>
internal static class PluginDirectories
{
    /// <summary>The candidates, absolute, in order of preference.</summary>
    /// <param name="configured"><c>plugins: directory:</c>, or null.</param>
    /// <param name="baseDirectory">The folder of the configuration file.</param>
    /// <param name="executableDirectory">The folder of the executable.</param>
    public static IReadOnlyList<string> Find(string? configured, string baseDirectory, string executableDirectory)
    {
        if (configured is null)
        {
            // Built from source, an executable is in artifacts/bin/PROJECT/release/, and the plugins are in artifacts/plugins/.
            return [Path.Combine(executableDirectory, "plugins"), Path.GetFullPath("../../../plugins", executableDirectory)];
        }
        var besideFile = Path.GetFullPath(configured, baseDirectory);
        var besideExecutable = Path.GetFullPath(configured, executableDirectory);
        return besideFile == besideExecutable ? [besideFile] : [besideFile, besideExecutable];
    }
}
