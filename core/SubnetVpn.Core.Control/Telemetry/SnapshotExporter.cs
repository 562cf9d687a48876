using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>
/// Takes what the OpenTelemetry SDK has aggregated and keeps it as plain values: its own are only good while it exports.
/// Meters of several networks, each with the same instruments, become one family.
/// </summary>
internal sealed class SnapshotExporter : BaseExporter<Metric>
{
    private volatile IReadOnlyList<MetricFamily> _families = [];

    /// <summary>What was exported last, by name.</summary>
    public IReadOnlyList<MetricFamily> Families => _families;

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var families = new SortedDictionary<string, (MetricFamily Family, Dictionary<string, MetricSample> Samples)>(StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            if (KindOf(metric.MetricType) is not { } kind)
                continue;
            if (!families.TryGetValue(metric.Name, out var entry))
                families[metric.Name] = entry = (new MetricFamily(metric.Name, kind, metric.Unit, metric.Description, []), new(StringComparer.Ordinal));
            if (entry.Family.Kind != kind)
                continue;
            foreach (ref readonly var point in metric.GetMetricPoints())
                Add(entry.Samples, Read(metric.MetricType, point));
        }
        _families =
        [
            .. families.Values.Select(entry => entry.Family with
            {
                Samples = [.. entry.Samples.OrderBy(sample => sample.Key, StringComparer.Ordinal).Select(sample => sample.Value)],
            })
        ];
        return ExportResult.Success;
    }

    private static void Add(Dictionary<string, MetricSample> samples, MetricSample sample)
    {
        var key = string.Join('\n', sample.Labels.Select(label => $"{label.Key}\t{label.Value}"));
        // A network that was started again has a meter of the same name: its new life counts.
        if (!samples.TryGetValue(key, out var other) || other.StartedAt <= sample.StartedAt)
            samples[key] = sample;
    }

    private static MetricKind? KindOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => MetricKind.Counter,
        MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => MetricKind.Gauge,
        MetricType.Histogram => MetricKind.Histogram,
        // No view asks for exponential histograms.
        _ => null,
    };

    private static MetricSample Read(MetricType type, in MetricPoint point)
    {
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in point.Tags)
            labels.Add(new(key, Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty));
        labels.Sort(static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        return type == MetricType.Histogram
            ? new MetricSample(labels, point.GetHistogramSum()) { StartedAt = point.StartTime, Count = point.GetHistogramCount(), Buckets = ReadBuckets(point) }
            : new MetricSample(labels, ReadNumber(type, point)) { StartedAt = point.StartTime };
    }

    private static double ReadNumber(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static List<MetricBucket> ReadBuckets(in MetricPoint point)
    {
        var buckets = new List<MetricBucket>();
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            buckets.Add(new MetricBucket(bucket.ExplicitBound, below));
        }
        return buckets;
    }
}
