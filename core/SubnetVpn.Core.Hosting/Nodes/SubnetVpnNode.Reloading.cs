using SubnetVpn.Core.Hosting.Nodes.Reloading;

namespace SubnetVpn.Core.Hosting.Nodes;

// A new configuration while the node runs: read, validated as a whole, and only then applied.
public sealed partial class SubnetVpnNode
{
    /// <summary>
    /// Reads the configuration again from where the plan had it: the same file, environment and command line, or the host's
    /// configuration as it is now. What can hold at once does; for the rest the report says what has to be restarted. A
    /// configuration with any mistake changes nothing.
    /// </summary>
    /// <remarks>
    /// <para>At once: <c>unallowed_ports</c>, and all limits, timeouts, intervals, weights and thresholds of a network.</para>
    /// <para>After a restart of the network: addresses, subnets, routes, MTU, TUN name, protocol, strategies, and the options
    /// of their plugins; networks that are new or gone.</para>
    /// <para>After a restart of the node: <c>node</c>, <c>control</c>, the plugins folder and its switches, the transport.</para>
    /// </remarks>
    /// <param name="restart">
    /// Whether networks that need it are restarted now, and new ones started, and those that are gone stopped; the others are
    /// not touched. A network that does not start with its new configuration goes back to how it ran.
    /// </param>
    /// <param name="cancellationToken">Abandons it before anything is applied, not after.</param>
    /// <returns>What came of it. While the node does not run, nothing: its next start goes by the new configuration.</returns>
    /// <exception cref="VpnException">
    /// The file cannot be read, or something is wrong with the configuration (<see cref="Configuration.ConfigurationException"/>,
    /// with every mistake), its plugins or the identity; nothing has changed.
    /// </exception>
    public async Task<ReloadReport> ReloadAsync(bool restart, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var wanted = await PlanAnewAsync();
            cancellationToken.ThrowIfCancellationRequested();
            var report = _run is { } run ? await run.AdoptAsync(wanted, restart) : ReloadReport.Unchanged;
            if (wanted.SharesPluginsWith(_plan))
                _plan = wanted;
            Tell(report);
            return report;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotReloaded(_logger, exception.Message);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    // As a start does it, down to the constructors of the strategies. But for the transport: it stays until the node is
    // restarted, and may be one of which there can be only one at a time.
    private async Task<NodePlan> PlanAnewAsync()
    {
        using var status = _plan.Catalog.RememberStatus();
        var wanted = _plan.Remake(_services.Loggers);
        try
        {
            await using var trial = NodeRun.CreateForCheck(wanted, _services, _run?.Transport);
            await trial.CheckAsync();
        }
        catch
        {
            wanted.Dispose();
            throw;
        }
        // Plugins that were loaded for a look only; their networks cannot be composed by this node.
        if (!wanted.SharesPluginsWith(_plan))
            wanted.Dispose();
        return wanted;
    }

    private void Tell(ReloadReport report)
    {
        if (report.IsUnchanged)
            Log.NothingChanged(_logger);
        else
            Log.Reloaded(_logger, report.Applied, report.Restarted, report.Started, report.Stopped);
        foreach (var change in report.Pending)
            Log.NeedsRestart(_logger, change.Key, change.Network is null ? "the node" : $"network {change.Network}");
        foreach (var fault in report.Failed)
            Log.NotRestarted(_logger, fault.Network, fault.Error);
    }
}
