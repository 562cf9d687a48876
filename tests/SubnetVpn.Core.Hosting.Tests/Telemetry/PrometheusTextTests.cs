using SubnetVpn.Core.Control.Telemetry;

namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("subnetvpn.packets.sent", "{packet}", "subnetvpn_packets_sent", "")]
    [InlineData("subnetvpn.queue.wait", "s", "subnetvpn_queue_wait_seconds", "seconds")]
    [InlineData("subnetvpn.queue.bytes", "By", "subnetvpn_queue_bytes", "bytes")]
    [InlineData("subnetvpn.bytes.sent", "By", "subnetvpn_bytes_sent_bytes", "bytes")]
    [InlineData("a.share", "1", "a_share_ratio", "ratio")]
    [InlineData("a-b c", "", "a_b_c", "")]
    [InlineData("9lives", "", "_9lives", "")]
    [InlineData("speed", "m/s", "speed_m_s", "m_s")]
    public void Of_AnyName_FollowsTheRules(string name, string unit, string expected, string expectedUnit) =>
        Assert.Equal((expected, expectedUnit), PrometheusNames.Of(name, unit));

    [Fact]
    public void Write_OldFormat_IsAsPrometheusReadsIt()
    {
        var text = PrometheusText.Write(Families(), openMetrics: false);

        Assert.Equal("""
            # TYPE subnetvpn_packets_dropped_total counter
            # HELP subnetvpn_packets_dropped_total Packets that were dropped.
            subnetvpn_packets_dropped_total{network="default",reason="no_route"} 3
            subnetvpn_packets_dropped_total{network="o\"f\\f\nice",reason="no_route"} 12345678901
            # TYPE subnetvpn_queue_bytes gauge
            # UNIT subnetvpn_queue_bytes bytes
            # HELP subnetvpn_queue_bytes "Bytes" \\ that\nwait.
            subnetvpn_queue_bytes -0.5
            # TYPE subnetvpn_queue_wait_seconds histogram
            # UNIT subnetvpn_queue_wait_seconds seconds
            # HELP subnetvpn_queue_wait_seconds Time.
            subnetvpn_queue_wait_seconds_bucket{network="default",le="0.001"} 1
            subnetvpn_queue_wait_seconds_bucket{network="default",le="1"} 3
            subnetvpn_queue_wait_seconds_bucket{network="default",le="+Inf"} 4
            subnetvpn_queue_wait_seconds_sum{network="default"} 7.25
            subnetvpn_queue_wait_seconds_count{network="default"} 4

            """.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void Write_OpenMetrics_NamesFamiliesWithoutTotalAndEnds()
    {
        var lines = PrometheusText.Write(Families(), openMetrics: true).Split('\n');

        Assert.Contains("# TYPE subnetvpn_packets_dropped counter", lines);
        Assert.Contains("subnetvpn_packets_dropped_total{network=\"default\",reason=\"no_route\"} 3", lines);
        Assert.Contains("# HELP subnetvpn_queue_bytes \\\"Bytes\\\" \\\\ that\\nwait.", lines);
        Assert.Contains("subnetvpn_queue_wait_seconds_bucket{network=\"default\",le=\"1.0\"} 3", lines);
        Assert.Equal(["# EOF", ""], lines[^2..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_Any_IsReadBackByAStrictParser(bool openMetrics)
    {
        var families = PrometheusParser.Parse(PrometheusText.Write(Families(), openMetrics), openMetrics);

        var drops = families[openMetrics ? "subnetvpn_packets_dropped" : "subnetvpn_packets_dropped_total"];
        Assert.Equal(["default", "o\"f\\f\nice"], drops.Lines.Select(line => line.Labels["network"]));
        Assert.Equal("seconds", families["subnetvpn_queue_wait_seconds"].Unit);
    }

    [Theory]
    [InlineData("a_total 1\n")]
    [InlineData("# TYPE a_total counter\n# HELP a_total A.\na_total 1")]
    [InlineData("# TYPE a_total counter\n# HELP a_total A.\na_total 1\na_total 2\n")]
    [InlineData("# TYPE a_total counter\n# HELP a_total A.\na_total{b=\"c} 1\n")]
    [InlineData("# TYPE a_total counter\n# HELP a_total A.\nb_total 1\n")]
    [InlineData("# TYPE a counter\n# HELP a A.\na 1\n")]
    [InlineData("# TYPE a_total counter\n# UNIT a_total bytes\n# HELP a_total A.\na_total 1\n")]
    [InlineData("# TYPE a histogram\n# HELP a A.\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# TYPE a histogram\n# HELP a A.\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n")]
    public void Parser_OfTheseTests_RefusesWhatIsWrong(string text) =>
        Assert.ThrowsAny<Exception>(() => PrometheusParser.Parse(text, openMetrics: false));

    private static List<MetricFamily> Families() =>
    [
        new("subnetvpn.packets.dropped", MetricKind.Counter, "{packet}", "Packets that were dropped.",
            [new([new("network", "default"), new("reason", "no_route")], 3), new([new("network", "o\"f\\f\nice"), new("reason", "no_route")], 12345678901)]),
        new("subnetvpn.queue.bytes", MetricKind.Gauge, "By", "\"Bytes\" \\ that\nwait.", [new([], -0.5)]),
        new("subnetvpn.queue.wait", MetricKind.Histogram, "s", "Time.",
            [new([new("network", "default")], 7.25) { Count = 4, Buckets = [new(0.001, 1), new(1, 3), new(double.PositiveInfinity, 4)] }]),
        new("subnetvpn.nothing", MetricKind.Gauge, "1", "Left out.", []),
    ];
}
