using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Plugins.Tests.Examples;

/// <summary>Configures a plugin from an example: remembers its strategies and binds its options at once.</summary>
internal sealed class ExampleBuilder(IConfigurationSection section) : IPluginBuilder
{
    public List<StrategyDescriptor> Strategies { get; } = [];

    public List<ConfigurationMistake> Mistakes { get; } = [];

    public IConfigurationSection Configuration => section;

    public void AddStrategy(StrategyDescriptor strategy) => Strategies.Add(strategy);

    public void AddOptions<TOptions>() where TOptions : class, new() => StrictBinder.Bind<TOptions>(section, Mistakes);
}
