using System.Diagnostics.Metrics;

namespace SubnetVpn.Core.Metrics;

// Workers, one for each flow.
public sealed partial class VpnMetrics
{
    private PaddedCounter _workersCreated;
    private PaddedCounter _workersRemoved;
    private Func<int>? _activeWorkers;

    /// <summary>Workers that were made.</summary>
    public long WorkersCreated => _workersCreated.Value;

    /// <summary>Workers that were removed, because they were idle or their peer left.</summary>
    public long WorkersRemoved => _workersRemoved.Value;

    /// <summary>Counts a worker that was made.</summary>
    public void WorkerCreated() => _workersCreated.Add(1);

    /// <summary>Counts a worker that was removed; once for each that was made.</summary>
    public void WorkerRemoved() => _workersRemoved.Add(1);

    /// <summary>Says where the number of live workers is read from; called when somebody collects.</summary>
    /// <param name="count">Thread-safe and quick. Replaces the one before.</param>
    public void ObserveActiveWorkers(Func<int> count) => Volatile.Write(ref _activeWorkers, count);

    private int ActiveWorkers => Volatile.Read(ref _activeWorkers)?.Invoke() ?? 0;

    private void RegisterWorkers()
    {
        Register("subnetvpn.workers.created", "{worker}", "Workers (flows) that were made.", () => WorkersCreated);
        Register("subnetvpn.workers.removed", "{worker}", "Workers (flows) that were removed.", () => WorkersRemoved);
        RegisterLevel("subnetvpn.workers.active", "{worker}", "Workers (flows) that are alive.", () => ActiveWorkers);
    }

    private void RegisterLevel(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableUpDownCounter(name, () => new Measurement<long>(read(), _network), unit, description);
}
