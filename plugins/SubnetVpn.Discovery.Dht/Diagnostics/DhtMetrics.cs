using System.Diagnostics.Metrics;
using System.Text.Json;
using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Diagnostics;

/// <summary>The instruments of the plugin, of the meter <c>SubnetVpn</c>; they read the counters when somebody collects.</summary>
internal sealed class DhtMetrics : IDisposable
{
    private readonly Meter _meter;

    public DhtMetrics(IMeterFactory meters, string network, DhtCounters counters, Func<int> cached, Func<int> published)
    {
        // Not made by the factory, which would keep it after the network is gone; its scope tells whose it is.
        _meter = new Meter(new MeterOptions("SubnetVpn") { Scope = meters });
        var label = new KeyValuePair<string, object?>("network", network);
        _meter.CreateObservableCounter(
            "subnetvpn.dht.records_refused",
            () => Enum.GetValues<RecordRefusal>().Where(static refusal => refusal != RecordRefusal.None)
                .Select(refusal => new Measurement<long>(counters.Of(refusal), label, new("reason", NameOf(refusal)))),
            "{record}", "Records of others that were not believed, by reason.");
        _meter.CreateObservableCounter(
            "subnetvpn.dht.lookups",
            () => Enum.GetValues<LookupOutcome>().Select(outcome => new Measurement<long>(counters.Of(outcome), label, new("outcome", NameOf(outcome)))),
            "{lookup}", "Questions who holds an address, by outcome.");
        _meter.CreateObservableCounter(
            "subnetvpn.dht.publications",
            () => Enum.GetValues<PublishOutcome>().Select(outcome => new Measurement<long>(counters.Of(outcome), label, new("outcome", NameOf(outcome)))),
            "{record}", "Records of ours that were to be stored, by outcome.");
        _meter.CreateObservableUpDownCounter("subnetvpn.dht.cached", () => new Measurement<long>(cached(), label), "{answer}", "Answers that are remembered.");
        _meter.CreateObservableUpDownCounter("subnetvpn.dht.published", () => new Measurement<long>(published(), label), "{record}", "Addresses of ours whose record stands.");
    }

    public void Dispose() => _meter.Dispose();

    private static string NameOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
