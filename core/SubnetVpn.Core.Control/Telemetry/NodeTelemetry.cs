using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>
/// Aggregates the metrics of a node with the OpenTelemetry SDK: the one source of <c>/metrics</c>, <c>/v1/metrics</c> and
/// what is exported. Make it before the node starts, since histograms only count from then on. Thread-safe.
/// </summary>
public sealed class NodeTelemetry : IDisposable
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string Name = "SubnetVpn";

    /// <summary>The environment variable that says where to export to, and by being set, that there shall be an export.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // A collector that does not answer must not hold up the end of a node, which may take 5 s.
    private const int FlushMilliseconds = 1000;

    private readonly SnapshotExporter _exporter = new();
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _spans;

    /// <summary>Begins to aggregate.</summary>
    /// <param name="meters">The factory that the node was given: meters of other nodes in the process are left out.</param>
    /// <param name="exportOtlp">
    /// Whether to export metrics and spans by OTLP, as the standard variables <c>OTEL_EXPORTER_OTLP_*</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>,
    /// <c>OTEL_SERVICE_NAME</c> and their kin say.
    /// </param>
    public NodeTelemetry(IMeterFactory meters, bool exportOtlp = false)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _reader = new BaseExportingMetricReader(_exporter);
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(Name)
            .AddView(instrument => ReferenceEquals(instrument.Meter.Scope, meters) ? null : MetricStreamConfiguration.Drop)
            .AddReader(_reader);
        if (exportOtlp)
        {
            builder.AddOtlpExporter();
            _spans = Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe).AddSource(Name).AddOtlpExporter().Build();
        }
        _metrics = builder.Build();
    }

    /// <summary>Collects.</summary>
    /// <returns>The metrics that have a value, by name.</returns>
    public IReadOnlyList<MetricFamily> Collect()
    {
        _reader.Collect();
        return _exporter.Families;
    }

    /// <summary>Exports what is left, as far as the collector takes it at once, and ends.</summary>
    public void Dispose()
    {
        _metrics.Shutdown(FlushMilliseconds);
        _spans?.Shutdown(FlushMilliseconds);
        _metrics.Dispose();
        _spans?.Dispose();
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win, as the specification wants it.
    private static void Describe(ResourceBuilder resource) =>
        resource.Clear().AddService("subnetvpn", serviceVersion: VpnVersion.Text).AddTelemetrySdk().AddEnvironmentVariableDetector();
}
