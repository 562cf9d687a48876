using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn metrics</c>: every metric that has a value, one a line.</summary>
internal static class MetricsCommand
{
    public static Command Create() => NodeCommand.Create(
        "metrics", "Shows the metrics of the node.",
        (client, cancellationToken) => client.GetMetricsAsync(cancellationToken),
        ControlJson.Api.MetricList, Show);

    private static void Show(IAnsiConsole console, MetricList answer)
    {
        foreach (var metric in answer.Metrics)
        {
            var labels = string.Join(",", metric.Labels.Select(label => $"{label.Key}={label.Value}"));
            console.WriteLine($"{metric.Name}{{{labels}}} {(metric.Histogram is null ? Number(metric.Value) : Describe(metric, metric.Histogram))}");
        }
    }

    // Of a histogram: the mean, and the bounds below which half and nearly all of its values are.
    private static string Describe(MetricValue metric, HistogramValue histogram)
    {
        var unit = metric.Unit.StartsWith('{') ? string.Empty : " " + metric.Unit;
        return string.Create(CultureInfo.InvariantCulture,
            $"count={Number(metric.Value)} mean={Number(metric.Value == 0 ? 0 : histogram.Sum / metric.Value)}{unit} p50<={Bound(metric, histogram, 0.5)}{unit} p99<={Bound(metric, histogram, 0.99)}{unit}");
    }

    private static string Bound(MetricValue metric, HistogramValue histogram, double share) =>
        histogram.Buckets.FirstOrDefault(bucket => bucket.Count >= share * metric.Value)?.UpperBound is { } bound ? Number(bound) : "inf";

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
