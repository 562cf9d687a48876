using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SubnetVpn.Plugins.Tests.Examples;

/// <summary>A plugin's project in the repository.</summary>
internal sealed partial class PluginFolder
{
    private readonly string _path;

    private PluginFolder(string path) => _path = path;

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Root(), "plugin.json", SearchOption.AllDirectories)
            .Select(static file => Path.GetDirectoryName(file)!)
            .Where(static folder => Path.GetDirectoryName(folder) == Root())
            .Select(static folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal);

    public string Manifest => File.ReadAllText(Path.Combine(_path, "plugin.json"));

    public static PluginFolder Open(string name) => new(Path.Combine(Root(), name));

    /// <summary>The one plugin class of the project's assembly.</summary>
    public IPlugin CreatePlugin() =>
        (IPlugin)Activator.CreateInstance(Assert.Single(Assembly.Load(Path.GetFileName(_path)).GetExportedTypes(), static type => type.IsAssignableTo(typeof(IPlugin))))!;

    /// <summary>The YAML examples of its README.</summary>
    public IReadOnlyList<string> ReadExamples() =>
        [.. YamlBlock().Matches(File.ReadAllText(Path.Combine(_path, "README.md"))).Select(static match => match.Groups[1].Value)];

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../plugins"));

    [GeneratedRegex(@"^```yaml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}
