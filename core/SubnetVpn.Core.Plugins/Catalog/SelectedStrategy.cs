using SubnetVpn.Core.Plugins.Loading;
using SubnetVpn.Core.Plugins.Manifests;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>A strategy of a plugin that was loaded; the composition makes it.</summary>
public sealed class SelectedStrategy
{
    private readonly PluginEntry _entry;
    private readonly LoadedPlugin _plugin;

    internal SelectedStrategy(PluginEntry entry, LoadedPlugin plugin, StrategyDescriptor descriptor)
    {
        _entry = entry;
        _plugin = plugin;
        Descriptor = descriptor;
    }

    /// <summary>The plugin.</summary>
    public PluginId Plugin => _entry.Manifest!.Id;

    /// <summary>The plugin's entry assembly.</summary>
    public string File => _entry.AssemblyFile;

    /// <summary>
    /// Whether the plugin looked at its configuration by itself when it was loaded, and so takes no other until it is loaded
    /// anew.
    /// </summary>
    public bool ReadsConfiguration => _plugin.ReadsConfiguration;

    /// <summary>What the plugin registered.</summary>
    public StrategyDescriptor Descriptor { get; }

    /// <summary>Binds the plugin's section, as it is now, to the options classes that the plugin registered.</summary>
    /// <param name="mistakes">Receives the mistakes.</param>
    /// <returns>One object of each class.</returns>
    public IReadOnlyList<object> BindOptions(ICollection<ConfigurationMistake> mistakes) => _plugin.BindOptions(mistakes);

    /// <summary>Notes that the strategy could not be made or started: the plugin's status becomes <c>Failed</c>.</summary>
    /// <param name="exception">What it threw.</param>
    /// <returns>The reason, with the file.</returns>
    public string MarkFailed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var reason = $"{File}: {Descriptor.Implementation.FullName} threw while it was started: {FaultText.Of(exception)}";
        _entry.SetStatus(PluginStatus.Failed, reason);
        return reason;
    }

    /// <summary>Notes that the strategy was made: the plugin's status is <c>Active</c>, also after an earlier failure.</summary>
    public void MarkActive() => _entry.SetStatus(PluginStatus.Active, null);

    /// <summary>The plugin and the strategy, such as <c>discovery.static (discovery:static)</c>.</summary>
    public override string ToString() => $"{Plugin} ({new StrategyName(Descriptor.Kind, Descriptor.Name)})";
}
