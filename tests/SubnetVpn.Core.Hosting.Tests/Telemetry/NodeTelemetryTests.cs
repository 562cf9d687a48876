using System.Diagnostics.Metrics;
using SubnetVpn.Core.Control.Telemetry;
using SubnetVpn.Core.Metrics;
using SubnetVpn.TestKit.Metrics;

namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

public sealed class NodeTelemetryTests
{
    [Fact]
    public void Collect_TwoNetworks_AreOneFamilyWithTwoSamples()
    {
        var meters = new ScopedMeters();
        using var telemetry = new NodeTelemetry(meters);
        using var office = new VpnMetrics(meters, "office");
        using var lab = new VpnMetrics(meters, "lab");
        office.PacketsSent(3, 300);
        lab.PacketsSent(4, 400);

        var sent = Find(telemetry, "subnetvpn.packets.sent")!;

        Assert.Equal((MetricKind.Counter, "{packet}"), (sent.Kind, sent.Unit));
        Assert.Equal([("lab", 4), ("office", 3)], sent.Samples.Select(sample => (Assert.Single(sample.Labels).Value, sample.Value)));
    }

    [Fact]
    public void Collect_AnotherNodeOfTheProcess_IsLeftOut()
    {
        var meters = new ScopedMeters();
        using var telemetry = new NodeTelemetry(meters);
        using var ours = new VpnMetrics(meters, "default");
        using var theirs = new VpnMetrics(new ScopedMeters(), "default");
        theirs.PacketsSent(5, 500);

        Assert.Equal(0, Assert.Single(Find(telemetry, "subnetvpn.packets.sent")!.Samples).Value);
    }

    [Fact]
    public void Collect_NetworkStartedAgain_ShowsItsNewLifeOnly()
    {
        var meters = new ScopedMeters();
        using var telemetry = new NodeTelemetry(meters);
        var first = new VpnMetrics(meters, "default");
        first.PacketsSent(5, 500);
        var before = Find(telemetry, "subnetvpn.packets.sent");
        first.Dispose();
        using var second = new VpnMetrics(meters, "default");
        second.PacketsSent(1, 100);

        Assert.Equal(5, Assert.Single(before!.Samples).Value);
        Assert.Equal(1, Assert.Single(Find(telemetry, "subnetvpn.packets.sent")!.Samples).Value);
        Assert.Equal(1, Assert.Single(Find(telemetry, "subnetvpn.packets.sent")!.Samples).Value);
    }

    [Fact]
    public void Collect_Histogram_HasTheBucketsOfItsInstrument()
    {
        var meters = new ScopedMeters();
        using var telemetry = new NodeTelemetry(meters);
        using var metrics = new VpnMetrics(meters, "default");
        metrics.PacketsQueueWaited(TimeSpan.FromMilliseconds(2));
        metrics.PacketsQueueWaited(TimeSpan.FromMilliseconds(3));
        metrics.PacketsQueueWaited(TimeSpan.FromMinutes(1));

        var wait = Find(telemetry, "subnetvpn.queue.wait")!;

        var sample = Assert.Single(wait.Samples);
        Assert.Equal((MetricKind.Histogram, "s", 3), (wait.Kind, wait.Unit, sample.Count));
        Assert.Equal(60.005, sample.Value, 6);
        Assert.Equal([(0.001, 0), (0.0025, 1), (0.005, 2), (5, 2), (double.PositiveInfinity, 3)],
            sample.Buckets.Where(bucket => bucket.UpperBound is 0.001 or 0.0025 or 0.005 or 5 or double.PositiveInfinity).Select(bucket => (bucket.UpperBound, bucket.Count)));
    }

    [Fact]
    public void Collect_LabelsThatAreGone_AreNotShownAnyMore()
    {
        var meters = new ScopedMeters();
        using var telemetry = new NodeTelemetry(meters);
        using var meter = new Meter(new MeterOptions("SubnetVpn") { Scope = meters });
        var peers = new List<string> { "a", "b" };
        meter.CreateObservableGauge("level", () => peers.Select(peer => new Measurement<long>(1, new KeyValuePair<string, object?>("peer", peer))));
        var before = Find(telemetry, "level")!.Samples.Count;

        peers.Remove("a");

        Assert.Equal(2, before);
        Assert.Equal("b", Assert.Single(Assert.Single(Find(telemetry, "level")!.Samples).Labels).Value);
    }

    private static MetricFamily? Find(NodeTelemetry telemetry, string name) => telemetry.Collect().SingleOrDefault(family => family.Name == name);
}
