using System.Diagnostics.Metrics;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Tests.Packets;

namespace SubnetVpn.Core.Tests.Metrics;

public sealed class StreamMetricsTests : IDisposable
{
    private readonly TestMeterFactory _meters = new();
    private readonly VpnMetrics _metrics;

    public StreamMetricsTests() => _metrics = new VpnMetrics(_meters, "default");

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Instruments_AfterEvents_ShowEach()
    {
        using var collector = new Collector(_meters);
        Repeat(2, () => _metrics.WorkerCreated());
        Repeat(1, () => _metrics.WorkerRemoved());
        Repeat(3, () => _metrics.PoolAcquired(success: true));
        Repeat(4, () => _metrics.PoolAcquired(success: false));
        Repeat(5, () => _metrics.HealthChecked(healthy: true));
        Repeat(6, () => _metrics.HealthChecked(healthy: false));
        Repeat(7, () => _metrics.StreamReplaced());
        Repeat(8, () => _metrics.StreamWarmed(success: true));
        Repeat(9, () => _metrics.StreamWarmed(success: false));
        _metrics.FlowsMoved(10);
        _metrics.ObserveQueues(static () => (12, 1200));

        var values = collector.Collect().Where(static value => value.Value != 0);

        Assert.Equal(
            [
                ("subnetvpn.flows.moved", "network=default", 10),
                ("subnetvpn.health.checks", "network=default", 11),
                ("subnetvpn.health.failures", "network=default", 6),
                ("subnetvpn.health.replacements", "network=default", 7),
                ("subnetvpn.health.warm_failures", "network=default", 9),
                ("subnetvpn.health.warmed", "network=default", 8),
                ("subnetvpn.pool.acquisitions", "network=default", 3),
                ("subnetvpn.pool.failures", "network=default", 4),
                ("subnetvpn.queue.bytes", "network=default", 1200),
                ("subnetvpn.queue.packets", "network=default", 12),
                ("subnetvpn.workers.created", "network=default", 2),
                ("subnetvpn.workers.removed", "network=default", 1),
            ],
            values.Order());
        Assert.Equal((2, 1, 10), (_metrics.WorkersCreated, _metrics.WorkersRemoved, _metrics.MovedFlows));
        Assert.Equal((3, 4), (_metrics.PoolAcquisitions, _metrics.PoolFailures));
        Assert.Equal((11, 6, 7), (_metrics.HealthChecks, _metrics.HealthFailures, _metrics.StreamsReplaced));
        Assert.Equal((8, 9), (_metrics.StreamsWarmed, _metrics.WarmFailures));
    }

    [Fact]
    public void PacketsQueueWaited_Listener_HearsSeconds()
    {
        var heard = new List<(string Name, string? Unit, double Value, string Network)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, _meters))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => heard.Add((instrument.Name, instrument.Unit, value, (string)tags[0].Value!)));
        listener.Start();

        _metrics.PacketsQueueWaited(TimeSpan.FromMilliseconds(250));

        Assert.Equal(("subnetvpn.queue.wait", "s", 0.25, "default"), Assert.Single(heard));
    }

    [Fact]
    public void Hooks_WithAListener_AllocateNothing()
    {
        using var listener = new MeterListener { InstrumentPublished = static (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();

        Allocations.AssertNone(() =>
        {
            _metrics.PacketsQueueWaited(TimeSpan.FromMilliseconds(1));
            _metrics.WorkerCreated();
            _metrics.WorkerRemoved();
            _metrics.FlowsMoved(1);
            _metrics.PoolAcquired(success: true);
            _metrics.HealthChecked(healthy: false);
            _metrics.StreamReplaced();
            _metrics.StreamWarmed(success: true);
        });
    }

    private static void Repeat(int count, Action action)
    {
        for (var i = 0; i < count; i++)
            action();
    }
}
