namespace SubnetVpn.Core.Plugins.Loading;

/// <summary>What came of loading a plugin.</summary>
/// <param name="Plugin">The plugin; null when it failed.</param>
/// <param name="Reason">Why it failed; null when it did not. Names the file.</param>
internal readonly record struct PluginLoadResult(LoadedPlugin? Plugin, string? Reason);
