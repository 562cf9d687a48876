using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Turns the status of the plugins to what <c>/v1/plugins</c> answers.</summary>
public static class PluginReport
{
    /// <summary>Makes the report.</summary>
    /// <param name="catalog">The plugins.</param>
    public static PluginList Make(PluginCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PluginList(catalog.Directory, [.. catalog.GetStatus().Select(MakeEntry)]);
    }

    private static PluginStatusEntry MakeEntry(PluginInfo plugin) => new()
    {
        Id = plugin.Id,
        Version = plugin.Version,
        Contract = plugin.Contract,
        Status = KeyName.Of(plugin.Status.ToString()),
        Reason = plugin.Reason,
        Provides = plugin.Provides,
        Platforms = plugin.Platforms,
        Stability = plugin.Stability is { } stability ? KeyName.Of(stability.ToString()) : null,
        Description = plugin.Description,
        Directory = plugin.Directory,
    };
}
