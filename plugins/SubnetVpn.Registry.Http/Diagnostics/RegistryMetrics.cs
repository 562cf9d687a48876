using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using SubnetVpn.Registry.Http.Protocol;

namespace SubnetVpn.Registry.Http.Diagnostics;

/// <summary>The instruments of the plugin, of the meter <c>SubnetVpn</c>; they read the counters when somebody collects.</summary>
internal sealed class RegistryMetrics : IDisposable
{
    private readonly ConcurrentDictionary<(string Operation, LeaseOutcome Outcome), long> _requests = [];
    private readonly KeyValuePair<string, object?> _label;
    private readonly Meter _meter;

    public RegistryMetrics(IMeterFactory meters, string network, Func<int> leases)
    {
        // Not made by the factory, which would keep it after the network is gone; its scope tells whose it is.
        _meter = new Meter(new MeterOptions("SubnetVpn") { Scope = meters });
        _label = new KeyValuePair<string, object?>("network", network);
        _meter.CreateObservableCounter("subnetvpn.registry_http.requests", Read, "{request}", "Requests to the lease server, by what came of them.");
        _meter.CreateObservableUpDownCounter("subnetvpn.registry_http.leases", () => new Measurement<long>(leases(), _label), "{lease}", "Leases of our own that we hold.");
    }

    /// <summary>Counts a request.</summary>
    public void Count(HttpMethod method, LeaseOutcome outcome) => _requests.AddOrUpdate((OperationOf(method), outcome), 1, static (_, count) => count + 1);

    public void Dispose() => _meter.Dispose();

    private static string OperationOf(HttpMethod method) => method == HttpMethod.Get ? "look_up" : method == HttpMethod.Put ? "request" : "release";

    private IEnumerable<Measurement<long>> Read() =>
        _requests.Select(entry => new Measurement<long>(
            entry.Value, _label, new("operation", entry.Key.Operation), new("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Key.Outcome.ToString()))));
}
