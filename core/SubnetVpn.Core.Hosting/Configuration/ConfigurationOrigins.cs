using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration.Yaml;

namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>Tells where a key of the configuration comes from, so that a mistake can be found.</summary>
internal sealed class ConfigurationOrigins
{
    private readonly string? _file;
    private readonly YamlConfigurationProvider? _yaml;
    private readonly Dictionary<string, string> _overrides = new(StringComparer.OrdinalIgnoreCase);

    private ConfigurationOrigins()
    {
    }

    public ConfigurationOrigins(string file, YamlConfigurationProvider yaml) => (_file, _yaml) = (file, yaml);

    /// <summary>Knows nothing: for configurations that others built.</summary>
    public static ConfigurationOrigins None { get; } = new();

    /// <summary>Says that a key is set by something other than the file.</summary>
    public void Override(string path, string origin) => _overrides[path] = origin;

    /// <summary>The line of a key in the file; null when something else sets it.</summary>
    public long? FindLine(string path) => path.Length == 0 || _overrides.ContainsKey(path) ? null : _yaml?.FindLine(path);

    /// <summary>For example <c>/etc/subnetvpn/node.yaml:12</c> or <c>SUBNETVPN__VPN__MTU</c>; null when nothing is known.</summary>
    public string? Find(string path)
    {
        if (_overrides.TryGetValue(path, out var origin))
            return origin;
        // An override of a key inside a section that is not in the file brought the section.
        var inside = path + ConfigurationPath.KeyDelimiter;
        if (FindLine(path) is { } line)
            return FormattableString.Invariant($"{_file}:{line}");
        return _overrides.FirstOrDefault(pair => pair.Key.StartsWith(inside, StringComparison.OrdinalIgnoreCase)).Value ?? _file;
    }
}
