using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Manifests;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Loading;

/// <summary>Collects what one plugin registers.</summary>
internal sealed class PluginBuilder(IConfigurationSection configuration) : IPluginBuilder
{
    private readonly List<StrategyDescriptor> _strategies = [];
    private readonly List<Type> _optionsTypes = [];
    private bool _isClosed;

    /// <summary>Whether the plugin looked at its configuration by itself.</summary>
    public bool ReadsConfiguration { get; private set; }

    public IReadOnlyList<StrategyDescriptor> Strategies => _strategies;

    public IReadOnlyList<Type> OptionsTypes => _optionsTypes;

    public IConfigurationSection Configuration
    {
        get
        {
            RequireOpen();
            ReadsConfiguration = true;
            return configuration;
        }
    }

    public void AddStrategy(StrategyDescriptor strategy)
    {
        RequireOpen();
        ArgumentNullException.ThrowIfNull(strategy);
        var name = new StrategyName(strategy.Kind, strategy.Name);
        if (!StrategyName.IsName(strategy.Name))
            throw new ArgumentException($"'{strategy.Name}' is no name for a strategy: expected lower-case letters, digits, '-' and '.'.", nameof(strategy));
        if (name is { Kind: StrategyKind.Tun, Name: "auto" })
            throw new ArgumentException("tun:auto is what the configuration says for the first device that the platform supports. Choose another name.", nameof(strategy));
        if (_strategies.Exists(other => other.Kind == strategy.Kind && other.Name == strategy.Name))
            throw new ArgumentException($"{name} is registered twice.", nameof(strategy));
        if (strategy.Implementation is not { IsClass: true, IsAbstract: false, ContainsGenericParameters: false })
            throw new ArgumentException($"{strategy.Implementation} is no class that can be made for {name}.", nameof(strategy));
        foreach (var contract in strategy.Offers.Prepend(strategy.Contract))
            if (!contract.IsAssignableFrom(strategy.Implementation))
                throw new ArgumentException($"{strategy.Implementation} does not implement {contract}, which {name} is to offer.", nameof(strategy));
        _strategies.Add(strategy);
    }

    public void AddOptions<TOptions>() where TOptions : class, new()
    {
        RequireOpen();
        if (!_optionsTypes.Contains(typeof(TOptions)))
            _optionsTypes.Add(typeof(TOptions));
    }

    /// <summary>Ends the time in which the plugin may register.</summary>
    public void Close() => _isClosed = true;

    private void RequireOpen()
    {
        if (_isClosed)
            throw new InvalidOperationException("The builder is only valid during IPlugin.Configure.");
    }
}
