using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Plugins.Catalog;

namespace SubnetVpn.Core.Plugins.Tests.Support;

/// <summary>A plugins folder of one test, filled with copies of the plugins of <c>tests/plugins</c>.</summary>
internal sealed class PluginFolder : IDisposable
{
    private static readonly string s_source = typeof(PluginFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "TestPluginsDirectory").Value!;

    private readonly List<PluginCatalog> _catalogs = [];

    public PluginFolder(params string[] ids)
    {
        Path = Directory.CreateTempSubdirectory("subnetvpn-plugins-").FullName;
        foreach (var id in ids)
            Copy(id);
    }

    public string Path { get; }

    public ConfigurationManager Configuration { get; } = new();

    public string Copy(string id, string? folderName = null)
    {
        var target = FileOf(folderName ?? id);
        var source = System.IO.Path.Combine(s_source, id);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }

    public string FileOf(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Write(string id, string file, string text)
    {
        Directory.CreateDirectory(FileOf(id));
        File.WriteAllText(FileOf(id, file), text);
    }

    public void EditManifest(string id, string old, string replacement)
    {
        var file = FileOf(id, "plugin.json");
        var text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    public PluginCatalog Open(Func<PluginCatalogSettings, PluginCatalogSettings>? change = null, ILoggerFactory? loggerFactory = null)
    {
        var settings = new PluginCatalogSettings { Directories = [Path] };
        var catalog = PluginCatalog.Open(change?.Invoke(settings) ?? settings, Configuration, loggerFactory);
        _catalogs.Add(catalog);
        return catalog;
    }

    public void Dispose()
    {
        foreach (var catalog in _catalogs)
            catalog.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
