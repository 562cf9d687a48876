using System.CommandLine;
using Spectre.Console;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn metrics</c>: every counter, one a line.</summary>
internal static class MetricsCommand
{
    public static Command Create() => NodeCommand.Create(
        "metrics", "Shows the counters of the node.",
        (client, cancellationToken) => client.GetMetricsAsync(cancellationToken),
        ControlJson.Api.MetricList, Show);

    private static void Show(IAnsiConsole console, MetricList answer)
    {
        foreach (var metric in answer.Metrics)
        {
            var labels = string.Join(",", metric.Labels.Select(label => $"{label.Key}={label.Value}"));
            console.WriteLine($"{metric.Name}{{{labels}}} {metric.Value}");
        }
    }
}
