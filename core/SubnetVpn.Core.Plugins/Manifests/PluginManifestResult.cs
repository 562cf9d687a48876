namespace SubnetVpn.Core.Plugins.Manifests;

/// <summary>What came of reading a manifest.</summary>
/// <param name="Manifest">The manifest; null when there are problems.</param>
/// <param name="Problems">What is wrong with it, each a sentence; empty when nothing is.</param>
/// <param name="Provides">The strategies it names as far as they can be read, also when something else is wrong.</param>
internal sealed record PluginManifestResult(PluginManifest? Manifest, IReadOnlyList<string> Problems, IReadOnlyList<StrategyName> Provides);
