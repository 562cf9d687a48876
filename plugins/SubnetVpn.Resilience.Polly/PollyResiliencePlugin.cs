using SubnetVpn.Plugins;

namespace SubnetVpn.Resilience.Polly;

/// <summary>The plugin <c>resilience.polly</c>.</summary>
public sealed class PollyResiliencePlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginId Id { get; } = PluginId.Parse("resilience.polly");

    /// <inheritdoc/>
    public void Configure(IPluginBuilder builder) => builder.AddResilience<PollyResiliencePolicy>("polly");
}
