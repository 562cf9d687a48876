namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>The section <c>plugins:</c>, beside the sections of the plugins themselves, which are named by their ids.</summary>
public sealed class PluginsOptions
{
    /// <summary>
    /// The folder with a folder per plugin. A relative path is looked for beside the configuration file, then beside the
    /// executable. Null, the default, finds <c>plugins</c> there, or the <c>artifacts/plugins</c> of a build.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>Ids of plugins that are not to be loaded. Default: none.</summary>
    public IReadOnlyList<string> Disabled { get; set; } = [];
}
