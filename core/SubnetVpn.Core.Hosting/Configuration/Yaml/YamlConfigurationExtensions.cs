using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>Adds YAML files to a configuration.</summary>
public static class YamlConfigurationExtensions
{
    /// <summary>Adds a YAML file.</summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="path">The file; a relative path counts from the working folder.</param>
    /// <param name="optional">Whether it may be missing.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IConfigurationBuilder AddYamlFile(this IConfigurationBuilder builder, string path, bool optional = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        return builder.Add<YamlConfigurationSource>(source =>
        {
            // By default hidden files are left out, and whoever names a file means it.
            source.FileProvider = Directory.Exists(folder) ? new PhysicalFileProvider(folder, ExclusionFilters.None) : null;
            source.Path = source.FileProvider is null ? full : Path.GetFileName(full);
            source.Optional = optional;
        });
    }
}
