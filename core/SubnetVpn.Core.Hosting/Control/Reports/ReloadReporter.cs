using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Nodes.Reloading;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Reloads a node and makes the answer of <c>/v1/reload</c>.</summary>
public static class ReloadReporter
{
    /// <summary>The outcome of a reload that changed nothing, as the configuration is wrong.</summary>
    public const string Rejected = "rejected";

    /// <summary>The outcome of a reload in which a network did not start anew.</summary>
    public const string Failed = "failed";

    /// <summary>Reloads.</summary>
    /// <param name="node">The node.</param>
    /// <param name="restart">Whether to restart the networks that need it.</param>
    /// <param name="cancellationToken">Abandons it before anything is applied.</param>
    /// <returns>What came of it; a wrong configuration is an answer too.</returns>
    public static async Task<ReloadResult> ReloadAsync(SubnetVpnNode node, bool restart, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        try
        {
            return Make(await node.ReloadAsync(restart, cancellationToken));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A plugin may throw anything; whoever asked is told all the same.
            return new ReloadResult
            {
                Outcome = Rejected,
                Error = exception.Message,
                Mistakes = exception is ConfigurationException wrong
                    ? [.. wrong.Mistakes.Select(mistake => new ReloadMistake(mistake.Path, mistake.Value, mistake.Message, wrong.FindOrigin(mistake)))]
                    : [],
            };
        }
    }

    private static ReloadResult Make(ReloadReport report) => new()
    {
        Outcome = OutcomeOf(report),
        Applied = report.Applied,
        NeedsRestart = [.. report.Pending.Select(static change => new ReloadPending(change.Key, change.Network))],
        Restarted = report.Restarted,
        Started = report.Started,
        Stopped = report.Stopped,
        Failed = [.. report.Failed.Select(static fault => new ReloadFault(fault.Network, fault.Error))],
    };

    private static string OutcomeOf(ReloadReport report) => report switch
    {
        { IsUnchanged: true } => "unchanged",
        { Failed.Count: > 0 } => Failed,
        { Pending.Count: > 0 } => "restart_needed",
        _ => "applied",
    };
}
