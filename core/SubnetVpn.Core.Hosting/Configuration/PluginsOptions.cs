namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>The section <c>plugins:</c>, beside the sections of the plugins themselves, which are named by their ids.</summary>
public sealed class PluginsOptions
{
    /// <summary>
    /// The folder with a folder per plugin. A relative path is looked for beside the configuration file, then beside the
    /// executable. Null, the default, takes <c>plugins</c> beside the executable, or the <c>artifacts/plugins</c> of a build.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>Ids of plugins that are not to be loaded. Default: none.</summary>
    public IReadOnlyList<string> Disabled { get; set; } = [];

    /// <summary>Whether plugins can be unloaded, which makes each call into them a little slower. Default: false.</summary>
    public bool Collectible { get; set; }
}
