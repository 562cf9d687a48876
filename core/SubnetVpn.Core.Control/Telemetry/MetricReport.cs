using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>Turns metrics to what <c>/v1/metrics</c> answers.</summary>
internal static class MetricReport
{
    public static MetricList Make(IReadOnlyList<MetricFamily> families) => new(
    [
        .. from family in families
           from sample in family.Samples
           select new MetricValue(family.Name, new SortedDictionary<string, string>(sample.Labels.ToDictionary(), StringComparer.Ordinal), ValueOf(family, sample))
           {
               Kind = family.Kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" },
               Unit = family.Unit,
               Histogram = family.Kind == MetricKind.Histogram ? MakeHistogram(sample) : null,
           }
    ]);

    private static double ValueOf(MetricFamily family, MetricSample sample) => family.Kind == MetricKind.Histogram ? sample.Count : sample.Value;

    private static HistogramValue MakeHistogram(MetricSample sample) => new(
        sample.Value,
        [.. sample.Buckets.Select(bucket => new HistogramBucketValue(double.IsFinite(bucket.UpperBound) ? bucket.UpperBound : null, bucket.Count))]);
}
