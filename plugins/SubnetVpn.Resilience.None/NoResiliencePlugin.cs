using SubnetVpn.Plugins;

namespace SubnetVpn.Resilience.None;

/// <summary>The plugin <c>resilience.none</c>.</summary>
public sealed class NoResiliencePlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("resilience.none");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder) => builder.AddResilience<NoResiliencePolicy>("none");
}
