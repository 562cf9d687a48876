using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Plugins.Tests.TunPlugins;

/// <summary>Remembers what a plugin registers.</summary>
internal sealed class RecordingBuilder : IPluginBuilder
{
    public List<StrategyDescriptor> Strategies { get; } = [];

    public List<Type> Options { get; } = [];

    public IConfigurationSection Configuration => throw new NotSupportedException("These plugins bind options.");

    public void AddStrategy(StrategyDescriptor strategy) => Strategies.Add(strategy);

    public void AddOptions<TOptions>() where TOptions : class, new() => Options.Add(typeof(TOptions));
}
