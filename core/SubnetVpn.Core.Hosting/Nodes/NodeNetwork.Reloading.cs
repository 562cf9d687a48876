using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Nodes.Reloading;

namespace SubnetVpn.Core.Hosting.Nodes;

// A new configuration: what a running network takes holds at once, the rest when it is started the next time.
public sealed partial class NodeNetwork
{
    /// <summary>Applies what can be applied at once.</summary>
    /// <param name="wanted">The new configuration.</param>
    /// <param name="plan">Its plan, which the next start goes by; null when only a new node can have it.</param>
    /// <returns>The keys that hold now, and those that wait for a restart: of the network, or of the node.</returns>
    internal async Task<NetworkChanges> AdoptAsync(NetworkConfiguration wanted, NetworkPlan? plan)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            var changes = NetworkChanges.None;
            if (_service is { } service && _running is { } running)
            {
                var before = service.Settings;
                service.Apply(wanted.Settings);
                changes = new NetworkChanges(
                    [.. NetworkKeys.Find(wanted.Path, before, service.Settings)],
                    [.. NetworkKeys.Find(wanted.Path, service.Settings, wanted.Settings), .. NetworkKeys.FindStrategies(wanted.Path, running.Configuration.Strategies, wanted.Strategies)]);
                if (plan is not null)
                    changes = AddOptions(changes, running, plan);
            }
            if (plan is not null)
                _plan = plan;
            return changes;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the network if it runs.</summary>
    /// <returns>How it ran, to go back to; null when it did not run.</returns>
    internal async Task<NetworkPlan?> SuspendAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            var before = _running is { } running ? running with { Configuration = Configuration } : null;
            await StopRunningAsync(CancellationToken.None);
            return before;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Starts the network; when it cannot start with its new configuration, it goes back to how it ran.</summary>
    /// <param name="before">How it ran.</param>
    /// <returns>What went wrong; null when nothing did.</returns>
    internal async Task<NetworkFault?> ResumeAsync(NetworkPlan before)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (await TryStartAsync(_plan) is not { } fault)
                return null;
            if (await TryStartAsync(before) is { } second)
                return new NetworkFault(Name, $"{fault} It does not start as it ran before either, and is stopped: {second}");
            _plan = before;
            return new NetworkFault(Name, $"{fault} It runs as before.");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Starts the network.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    internal async Task<string?> TryStartAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            return await TryStartAsync(_plan);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string?> TryStartAsync(NetworkPlan plan)
    {
        try
        {
            if (_service is null)
                await StartAsync(plan, CancellationToken.None);
            return null;
        }
        catch (Exception exception)
        {
            // A plugin may throw anything.
            return exception.Message;
        }
    }

    private NetworkChanges AddOptions(NetworkChanges changes, NetworkPlan running, NetworkPlan wanted)
    {
        foreach (var strategy in running.Strategies.Append(_tun!).DistinctBy(static strategy => strategy.Plugin))
        {
            var keys = SectionDifference.Find(running.Root, wanted.Root, ConfigurationPath.Combine("plugins", strategy.Plugin.ToString())).ToList();
            changes = strategy.ReadsConfiguration
                ? changes with { NeedNode = [.. changes.NeedNode, .. keys] }
                : changes with { NeedRestart = [.. changes.NeedRestart, .. keys] };
        }
        return changes;
    }
}
