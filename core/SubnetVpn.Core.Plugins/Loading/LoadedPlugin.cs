using System.Runtime.Loader;
using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Loading;

/// <summary>A plugin that was loaded and configured.</summary>
internal sealed class LoadedPlugin(AssemblyLoadContext context, PluginBuilder builder, IConfigurationSection section)
{
    public AssemblyLoadContext Context => context;

    public IReadOnlyList<StrategyDescriptor> Strategies => builder.Strategies;

    /// <summary>Whether the plugin looked at its configuration when it was loaded: then no other will do until it is loaded anew.</summary>
    public bool ReadsConfiguration => builder.ReadsConfiguration;

    /// <summary>The same plugin, with its section in another configuration.</summary>
    public LoadedPlugin With(IConfiguration configuration) => new(context, builder, configuration.GetSection(ConfigurationPath.Combine("plugins", section.Key)));

    /// <summary>Binds the plugin's section, as it is now, to its options classes.</summary>
    /// <param name="mistakes">Receives the mistakes.</param>
    /// <returns>One object of each class, in the order of registration.</returns>
    public IReadOnlyList<object> BindOptions(ICollection<ConfigurationMistake> mistakes)
    {
        try
        {
            return BindOptionsOrThrow(mistakes);
        }
        catch (Exception exception)
        {
            // A rule of the plugin's own may fail on a value that its author did not think of.
            mistakes.Add(new ConfigurationMistake(section.Path, null, $"cannot be checked, as the plugin threw: {FaultText.Of(exception)}"));
            return [];
        }
    }

    /// <summary>As <see cref="BindOptions"/>, but lets through what the plugin's classes and rules throw.</summary>
    public IReadOnlyList<object> BindOptionsOrThrow(ICollection<ConfigurationMistake> mistakes)
    {
        if (builder.OptionsTypes.Count == 0)
        {
            // Whoever takes no options at all would otherwise ignore them in silence.
            if (!builder.ReadsConfiguration)
                foreach (var child in section.GetChildren())
                    mistakes.Add(new ConfigurationMistake(child.Path, child.Value, "is an unknown key. The plugin takes no options."));
            return [];
        }

        var known = builder.OptionsTypes.SelectMany(StrictBinder.KeysOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = new List<ConfigurationMistake>();
        List<object> options = [.. builder.OptionsTypes.Select(type => StrictBinder.Bind(type, section, found, known))];
        // A key that none of the classes knows is unknown to each.
        foreach (var mistake in found.Distinct())
            mistakes.Add(mistake);
        return options;
    }
}
