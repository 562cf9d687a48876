using SubnetVpn.Core.Plugins.Manifests;

namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>A plugin as <c>plugins list</c> and the control API show it.</summary>
public sealed record PluginInfo
{
    /// <summary>The id; the folder's name when the manifest could not be read.</summary>
    public required string Id { get; init; }

    /// <summary>The plugin's own version; null when the manifest could not be read.</summary>
    public string? Version { get; init; }

    /// <summary>The version of the contracts it was built for; null when the manifest could not be read.</summary>
    public string? Contract { get; init; }

    /// <summary>What has become of it.</summary>
    public required PluginStatus Status { get; init; }

    /// <summary>Why it is not active, with file and mend; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>The strategies, such as <c>discovery:dht</c>.</summary>
    public required IReadOnlyList<string> Provides { get; init; }

    /// <summary>The platforms; empty when the manifest could not be read.</summary>
    public required IReadOnlyList<string> Platforms { get; init; }

    /// <summary>How far it may be relied on; null when the manifest could not be read.</summary>
    public PluginStability? Stability { get; init; }

    /// <summary>One line for people; null when the manifest could not be read.</summary>
    public string? Description { get; init; }

    /// <summary>The plugin's folder.</summary>
    public required string Directory { get; init; }
}
