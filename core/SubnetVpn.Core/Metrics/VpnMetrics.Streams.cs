using System.Diagnostics.Metrics;

namespace SubnetVpn.Core.Metrics;

// The pool of streams: lending, health, warming, queues.
public sealed partial class VpnMetrics
{
    // Seconds. A queue drains within a millisecond on a good wire; at 5 s its packets are worth nothing any more.
    private static readonly double[] s_waitBounds =
        [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private Histogram<double> _queueWait = null!;
    private PaddedCounter _flowsMoved;
    private long _poolAcquisitions;
    private long _poolFailures;
    private long _healthChecks;
    private long _healthFailures;
    private long _replacements;
    private long _warmed;
    private long _warmFailures;
    private Func<(long Packets, long Bytes)>? _queues;

    /// <summary>Streams that the pool lent.</summary>
    public long PoolAcquisitions => Volatile.Read(ref _poolAcquisitions);

    /// <summary>Times that the pool had no stream to lend.</summary>
    public long PoolFailures => Volatile.Read(ref _poolFailures);

    /// <summary>Health checks of streams.</summary>
    public long HealthChecks => Volatile.Read(ref _healthChecks);

    /// <summary>Health checks that failed.</summary>
    public long HealthFailures => Volatile.Read(ref _healthFailures);

    /// <summary>Streams that were replaced because they no longer passed their checks.</summary>
    public long StreamsReplaced => Volatile.Read(ref _replacements);

    /// <summary>Streams that were opened ahead of need.</summary>
    public long StreamsWarmed => Volatile.Read(ref _warmed);

    /// <summary>Streams that could not be opened ahead of need.</summary>
    public long WarmFailures => Volatile.Read(ref _warmFailures);

    /// <summary>Flows that went over to another stream.</summary>
    public long MovedFlows => _flowsMoved.Value;

    /// <summary>Counts an attempt to borrow a stream from the pool.</summary>
    /// <param name="success">False when there was none.</param>
    public void PoolAcquired(bool success) => Interlocked.Increment(ref success ? ref _poolAcquisitions : ref _poolFailures);

    /// <summary>Counts a health check of one stream.</summary>
    /// <param name="healthy">False when it failed.</param>
    public void HealthChecked(bool healthy)
    {
        Interlocked.Increment(ref _healthChecks);
        if (!healthy)
            Interlocked.Increment(ref _healthFailures);
    }

    /// <summary>Counts a stream that was replaced because it no longer passed its checks.</summary>
    public void StreamReplaced() => Interlocked.Increment(ref _replacements);

    /// <summary>Counts an attempt to open a stream ahead of need.</summary>
    /// <param name="success">False when it failed.</param>
    public void StreamWarmed(bool success) => Interlocked.Increment(ref success ? ref _warmed : ref _warmFailures);

    /// <summary>Records how long packets waited in the queue of their stream; once for each batch that is written.</summary>
    /// <param name="wait">Of the packet that waited longest.</param>
    public void PacketsQueueWaited(TimeSpan wait) => _queueWait.Record(wait.TotalSeconds, _network);

    /// <summary>Counts flows that went over to another stream.</summary>
    /// <param name="count">How many.</param>
    public void FlowsMoved(int count) => _flowsMoved.Add(count);

    /// <summary>Says where the packets and bytes in all queues of streams are read from; called when somebody collects.</summary>
    /// <param name="queues">Thread-safe and quick. Replaces the one before.</param>
    public void ObserveQueues(Func<(long Packets, long Bytes)> queues) => Volatile.Write(ref _queues, queues);

    private void RegisterStreams()
    {
        _queueWait = _meter.CreateHistogram(
            "subnetvpn.queue.wait", "s", "Time that packets waited in the queue of their stream, the longest of each batch that was written.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = s_waitBounds });
        RegisterLevel("subnetvpn.queue.packets", "{packet}", "Packets that wait in the queues of streams.", () => Queues.Packets);
        RegisterLevel("subnetvpn.queue.bytes", "By", "Bytes of the packets that wait in the queues of streams.", () => Queues.Bytes);
        Register("subnetvpn.flows.moved", "{flow}", "Flows that went over to another stream.", () => MovedFlows);
        Register("subnetvpn.pool.acquisitions", "{stream}", "Streams that the pool lent.", () => PoolAcquisitions);
        Register("subnetvpn.pool.failures", "{attempt}", "Times that the pool had no stream to lend.", () => PoolFailures);
        Register("subnetvpn.health.checks", "{check}", "Health checks of streams.", () => HealthChecks);
        Register("subnetvpn.health.failures", "{check}", "Health checks of streams that failed.", () => HealthFailures);
        Register("subnetvpn.health.replacements", "{stream}", "Streams that were replaced because they no longer passed their checks.", () => StreamsReplaced);
        Register("subnetvpn.health.warmed", "{stream}", "Streams that were opened ahead of need.", () => StreamsWarmed);
        Register("subnetvpn.health.warm_failures", "{attempt}", "Streams that could not be opened ahead of need.", () => WarmFailures);
    }

    private (long Packets, long Bytes) Queues => Volatile.Read(ref _queues)?.Invoke() ?? default;
}
