using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>Selects what the networks name; what cannot be selected is a mistake at the key that names it.</summary>
internal sealed class StrategySelector(PluginCatalog catalog, ICollection<ConfigurationMistake> mistakes)
{
    public NetworkPlan Select(NetworkConfiguration network, IConfiguration root)
    {
        var names = network.Strategies;
        var strategies = new List<SelectedStrategy>();
        for (var i = 0; i < names.Discovery.Count; i++)
            Add(strategies, network, StrategyKind.Discovery, FormattableString.Invariant($"discovery:{i}"), names.Discovery[i]);
        if (names.Registry is { } registry)
            Add(strategies, network, StrategyKind.Registry, "registry", registry);
        Add(strategies, network, StrategyKind.Scheduler, "scheduler", names.Scheduler);
        Add(strategies, network, StrategyKind.Resilience, "resilience", names.Resilience);
        return new NetworkPlan(network, root, strategies, SelectTun(network, names.Tun));
    }

    public SelectedStrategy? SelectTransport(NetworkConfiguration network) =>
        Take(catalog.Select(StrategyKind.Transport, network.Strategies.Transport), network, "transport", network.Strategies.Transport);

    private IEnumerable<Selection> SelectTun(NetworkConfiguration network, string name)
    {
        if (name != StrategyOptions.AutoTun)
        {
            var selection = catalog.Select(StrategyKind.Tun, name);
            Take(selection, network, "tun", name);
            return [selection];
        }
        // The first is nearly always the one, and loading it now lets its options be checked with the rest.
        var candidates = catalog.GetAll(StrategyKind.Tun);
        var first = candidates.FirstOrDefault(candidate => candidate.IsSelected) ?? candidates.FirstOrDefault();
        if (first is null)
            mistakes.Add(Mistake(network, "tun", name, $"finds no TUN plugin for this system in {catalog.Directory}."));
        else
            Take(first, network, "tun", name);
        return candidates;
    }

    private void Add(List<SelectedStrategy> strategies, NetworkConfiguration network, StrategyKind kind, string key, string name)
    {
        if (Take(catalog.Select(kind, name), network, key, name) is { } strategy)
            strategies.Add(strategy);
    }

    private SelectedStrategy? Take(Selection selection, NetworkConfiguration network, string key, string name)
    {
        if (!selection.IsSelected)
            mistakes.Add(Mistake(network, key, name, selection.Error.Message));
        return selection.Strategy;
    }

    private static ConfigurationMistake Mistake(NetworkConfiguration network, string key, string name, string message) =>
        new(ConfigurationPath.Combine(network.Path, "strategies", key), name, message);
}
