namespace SubnetVpn.Plugins;

/// <summary>
/// A plugin: one public class with a parameterless constructor in the entry assembly that <c>plugin.json</c> names.
/// </summary>
/// <remarks>
/// Order of calls: constructor, then <see cref="Configure"/> once, both on the thread that starts the host. Do no work
/// in either beyond registration: strategies are made later, by the composition, and only those that are selected.
/// An exception gives the plugin the status <c>Failed</c> with its message as the reason.
/// </remarks>
public interface IPlugin
{
    /// <summary>The plugin's id; must equal the one in <c>plugin.json</c>.</summary>
    PluginId Id { get; }

    /// <summary>Registers strategies and options.</summary>
    /// <param name="builder">Valid during the call only.</param>
    void Configure(IPluginBuilder builder);
}
