using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Nodes.Reloading;
using SubnetVpn.Core.Plugins.Catalog;

namespace SubnetVpn.Core.Hosting.Nodes;

// A new configuration, which was validated as a whole: each network takes what it can, and is restarted when that is asked for.
internal sealed partial class NodeRun
{
    /// <summary>Applies a new configuration.</summary>
    /// <param name="wanted">Its plan.</param>
    /// <param name="restart">Whether to restart the networks that need it, and to start and stop those that are new or gone.</param>
    public async Task<ReloadReport> AdoptAsync(NodePlan wanted, bool restart)
    {
        var applied = new List<string>();
        var pending = new List<PendingChange>(FindNodeKeys(wanted).Select(static key => new PendingChange(key, null)));
        // Plugins from another folder come with a new node only.
        var canCompose = wanted.SharesPluginsWith(Plan);
        foreach (var network in Networks)
        {
            var running = network.Configuration;
            if (wanted.Configuration.Networks.FirstOrDefault(candidate => candidate.Name == network.Name) is not { } configuration)
            {
                pending.Add(new PendingChange(running.Path, network.Name));
                continue;
            }
            var changes = await network.AdoptAsync(configuration, canCompose ? wanted.Networks.First(plan => plan.Configuration == configuration) : null);
            applied.AddRange(changes.Applied);
            pending.AddRange(changes.NeedRestart.Select(key => new PendingChange(key, canCompose ? network.Name : null)));
            pending.AddRange(changes.NeedNode.Select(static key => new PendingChange(key, null)));
        }
        foreach (var configuration in wanted.Configuration.Networks)
            if (Networks.All(network => network.Name != configuration.Name))
                pending.Add(new PendingChange(configuration.Path, canCompose ? configuration.Name : null));

        var report = new ReloadReport { Applied = applied, Pending = [.. pending.Distinct()] };
        return restart && canCompose ? await RestartAsync(report, wanted) : report;
    }

    private async Task<ReloadReport> RestartAsync(ReloadReport report, NodePlan wanted)
    {
        var names = report.Pending.Select(static change => change.Network).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var touched = Networks.Where(network => names.Contains(network.Name)).ToList();
        var added = wanted.Networks.Where(plan => Networks.All(network => network.Name != plan.Configuration.Name)).ToList();
        var (stopped, restarted, started, failed) = (new List<string>(), new List<string>(), new List<string>(), new List<NetworkFault>());

        // All go down before any comes up: one may take over the name or the subnet of another.
        var before = new List<(NodeNetwork Network, NetworkPlan Plan)>();
        foreach (var network in touched)
        {
            var isGone = wanted.Networks.All(plan => plan.Configuration.Name != network.Name);
            if (await network.SuspendAsync() is { } plan && !isGone)
                before.Add((network, plan));
            if (isGone)
                stopped.Add(network.Name);
        }
        _networks = [.. Networks.Where(network => !stopped.Contains(network.Name))];
        foreach (var (network, plan) in before)
        {
            if (await network.ResumeAsync(plan) is { } fault)
                failed.Add(fault);
            else
                restarted.Add(network.Name);
        }
        foreach (var plan in added)
        {
            var network = new NodeNetwork(_container, plan);
            if (await network.TryStartAsync() is { } fault)
            {
                failed.Add(new NetworkFault(network.Name, fault));
                continue;
            }
            _networks = [.. Networks, network];
            started.Add(network.Name);
        }

        var done = stopped.Concat(restarted).Concat(started).ToHashSet(StringComparer.Ordinal);
        return report with
        {
            Pending = [.. report.Pending.Where(change => change.Network is null || !done.Contains(change.Network))],
            Stopped = stopped,
            Restarted = restarted,
            Started = started,
            Failed = failed,
        };
    }

    private IEnumerable<string> FindNodeKeys(NodePlan wanted)
    {
        var (before, after) = (Plan.Configuration.Root, wanted.Configuration.Root);
        var keys = SectionDifference.Find(before, after, "node")
            .Concat(SectionDifference.Find(before, after, "control"))
            .Concat(SectionDifference.Find(before, after, "plugins", PluginCatalog.HostKeys))
            .Concat(SectionDifference.Find(before, after, ConfigurationPath.Combine("plugins", Plan.Transport.Plugin.ToString())));
        var (transport, network) = (Plan.Transport.Descriptor.Name, wanted.Configuration.Networks[0]);
        return network.Strategies.Transport == transport ? keys : keys.Append(ConfigurationPath.Combine(network.Path, "strategies", "transport"));
    }
}
