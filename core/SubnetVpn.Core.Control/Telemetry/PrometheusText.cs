using System.Globalization;
using System.Text;

namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>
/// Metrics in the text format of Prometheus 0.0.4, or in OpenMetrics 1.0.0, which differ in few lines. Names follow
/// "Prometheus and OpenMetrics Compatibility" of the OpenTelemetry specification: units are spelled out at the end,
/// counters end in <c>_total</c>.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    public static string Write(IReadOnlyList<MetricFamily> families, bool openMetrics)
    {
        var text = new StringBuilder();
        foreach (var family in families)
            if (family.Samples.Count > 0)
                WriteFamily(text, family, openMetrics);
        if (openMetrics)
            text.Append("# EOF\n");
        return text.ToString();
    }

    private static void WriteFamily(StringBuilder text, MetricFamily family, bool openMetrics)
    {
        var (name, unit) = PrometheusNames.Of(family.Name, family.Unit);
        var counter = family.Kind == MetricKind.Counter ? name + "_total" : name;
        var described = openMetrics ? name : counter;
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {described} {TypeOf(family.Kind)}\n");
        if (unit.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"# UNIT {described} {unit}\n");
        text.Append(CultureInfo.InvariantCulture, $"# HELP {described} {Escape(family.Description, quotes: openMetrics)}\n");
        foreach (var sample in family.Samples)
        {
            if (family.Kind != MetricKind.Histogram)
            {
                WriteSample(text, counter, sample.Labels, null, sample.Value);
                continue;
            }
            foreach (var bucket in sample.Buckets)
                WriteSample(text, name + "_bucket", sample.Labels, Bound(bucket.UpperBound, openMetrics), bucket.Count);
            WriteSample(text, name + "_sum", sample.Labels, null, sample.Value);
            WriteSample(text, name + "_count", sample.Labels, null, sample.Count);
        }
    }

    private static void WriteSample(StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, string>> labels, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (key, label) in labels)
        {
            text.Append(separator).Append(PrometheusNames.Label(key)).Append("=\"").Append(Escape(label, quotes: true)).Append('"');
            separator = ',';
        }
        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }
        if (separator == ',')
            text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    // OpenMetrics wants bounds to look like floats, so that the same bound is always the same text.
    private static string Bound(double bound, bool openMetrics) =>
        openMetrics && double.IsInteger(bound) ? Number(bound) + ".0" : Number(bound);

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }
}
