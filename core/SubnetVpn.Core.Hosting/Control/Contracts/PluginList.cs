namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/plugins</c>.</summary>
/// <param name="Directory">The plugins folder; null when there is none.</param>
/// <param name="Plugins">The plugins, by id.</param>
public sealed record PluginList(string? Directory, IReadOnlyList<PluginStatusEntry> Plugins);
