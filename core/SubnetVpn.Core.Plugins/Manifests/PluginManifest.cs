using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Manifests;

/// <summary>What <c>plugin.json</c> says of a plugin.</summary>
public sealed record PluginManifest
{
    /// <summary>The file's name in the plugin's folder.</summary>
    public const string FileName = "plugin.json";

    /// <summary><c>id</c>: also the name of the folder.</summary>
    public required PluginId Id { get; init; }

    /// <summary><c>version</c>: the plugin's own, any text.</summary>
    public required string Version { get; init; }

    /// <summary><c>contract</c>: the version of the contracts it was built for.</summary>
    public required ContractVersion Contract { get; init; }

    /// <summary><c>assembly</c>: the entry assembly, a file in the plugin's folder.</summary>
    public required string Assembly { get; init; }

    /// <summary><c>provides</c>: the strategies, at least one.</summary>
    public required IReadOnlyList<StrategyName> Provides { get; init; }

    /// <summary><c>platforms</c>: <c>any</c>, or some of <c>linux</c>, <c>windows</c>, <c>macos</c>.</summary>
    public required IReadOnlyList<string> Platforms { get; init; }

    /// <summary><c>stability</c>.</summary>
    public required PluginStability Stability { get; init; }

    /// <summary><c>description</c>: one line for people.</summary>
    public required string Description { get; init; }
}
