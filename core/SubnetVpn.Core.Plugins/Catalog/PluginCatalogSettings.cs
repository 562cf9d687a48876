using SubnetVpn.Core.Plugins.Manifests;

namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>What a <see cref="PluginCatalog"/> needs to know.</summary>
public sealed record PluginCatalogSettings
{
    /// <summary>The folders that may be the plugins folder, absolute, in order of preference: the first that exists is it.</summary>
    public required IReadOnlyList<string> Directories { get; init; }

    /// <summary>Ids of plugins that the operator switched off. Default: none.</summary>
    public IReadOnlyCollection<string> Disabled { get; init; } = [];

    /// <summary>Whether plugins can be unloaded. Default: no, as a collectible context slows each call into it a little.</summary>
    public bool Collectible { get; init; }

    /// <summary>The platform to fit, as manifests name it. Default: that of this process.</summary>
    public string Platform { get; init; } = Platforms.Current;
}
