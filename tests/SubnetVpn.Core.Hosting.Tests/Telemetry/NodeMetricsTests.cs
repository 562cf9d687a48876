using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

/// <summary>What a whole node with real plugins measures, from its instruments to the command line.</summary>
public sealed class NodeMetricsTests
{
    // Those of a plugin that these nodes do not select are its own tests' business.
    private static readonly string[] s_notSelected = ["subnetvpn.mdns.", "subnetvpn.dht.", "subnetvpn.registry_http."];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instruments_OfANode_AreThoseOfTheDocumentation()
    {
        var documented = MetricTable.Read();
        await using var pair = await NodePair.StartAsync(Cancellation);
        using var probe = new MetricProbe(pair.ServicesOfA.Meters);

        var instruments = probe.Instruments;

        Assert.Equal(documented.Keys.Where(static name => !s_notSelected.Any(start => name.StartsWith(start, StringComparison.Ordinal))).Order(), instruments.Keys.Order());
        Assert.All(instruments.Values, instrument =>
            Assert.Equal((instrument.Name, documented[instrument.Name].Unit, documented[instrument.Name].Kind), (instrument.Name, instrument.Unit, KindOf(instrument))));
        Assert.All(instruments.Values, static instrument => Assert.False(string.IsNullOrWhiteSpace(instrument.Description)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prometheus_OfANodeWithTraffic_IsReadBackByAStrictParser(bool openMetrics)
    {
        await using var pair = await NodePair.StartAsync(Cancellation);
        await pair.EchoAsync(5, Cancellation);

        var (type, text) = await GetAsync(pair.ControlSocket, openMetrics);
        var families = PrometheusParser.Parse(text, openMetrics);

        Assert.Equal(openMetrics ? "application/openmetrics-text" : "text/plain", type?.MediaType);
        var total = openMetrics ? "" : "_total";
        Assert.Equal(5, Assert.Single(families["subnetvpn_packets_sent" + total].Lines).Value);
        Assert.Equal("default", families["subnetvpn_packets_received" + total].Lines[0].Labels["network"]);
        Assert.Equal("bytes", families["subnetvpn_transport_bytes_sent_bytes" + total].Unit);
        Assert.True(families["subnetvpn_transport_bytes_sent_bytes" + total].Lines[0].Value > 5 * 32);
        Assert.Contains(families["subnetvpn_streams_active"].Lines, line => line.Labels["peer"] == pair.PeerB.ToString() && line.Value >= 2);
        Assert.True(families["subnetvpn_queue_wait_seconds"].Lines.Single(line => line.Name == "subnetvpn_queue_wait_seconds_count").Value >= 1);
        Assert.Equal(("gauge", "histogram"), (families["subnetvpn_workers_active"].Type, families["subnetvpn_queue_wait_seconds"].Type));
    }

    [Fact]
    public async Task Labels_OfANodeWithTraffic_AreThoseOfTheDocumentation()
    {
        var documented = MetricTable.Read();
        await using var pair = await NodePair.StartAsync(Cancellation);
        using var client = new ControlClient(pair.ControlSocket);
        await pair.EchoAsync(3, Cancellation);

        var metrics = await client.GetMetricsAsync(Cancellation);

        Assert.All(metrics.Metrics, metric =>
        {
            var scope = metric.Name.StartsWith("subnetvpn.transport.", StringComparison.Ordinal) ? "transport" : "network";
            Assert.Equal((metric.Name, string.Join(',', documented[metric.Name].Labels.Append(scope).Order())), (metric.Name, string.Join(',', metric.Labels.Keys.Order())));
            Assert.Equal(documented[metric.Name].Unit, metric.Unit);
        });
        // One source: what the network counts is what the SDK aggregates.
        var counted = (await client.GetStatusAsync(Cancellation)).Networks[0].Counters;
        Assert.Equal((3, 3), (counted.PacketsSent, counted.PacketsReceived));
        Assert.Equal(3, metrics.Metrics.Single(metric => metric.Name == "subnetvpn.packets.sent").Value);
        var wait = metrics.Metrics.Single(metric => metric.Name == "subnetvpn.queue.wait");
        Assert.Equal(("histogram", wait.Value), (wait.Kind, wait.Histogram!.Buckets[^1].Count));
        Assert.Null(wait.Histogram.Buckets[^1].UpperBound);
    }

    [Fact]
    public async Task Cli_StreamsAndMetrics_ShowThem()
    {
        await using var pair = await NodePair.StartAsync(Cancellation);
        using var client = new ControlClient(pair.ControlSocket);
        await pair.EchoAsync(4, Cancellation);
        await Eventually.TrueAsync(() => pair.A.GetSnapshot().Networks[0].Peers[0].Streams.Count >= 2);

        var list = await client.GetStreamsAsync(Cancellation);
        var streams = await Exec.RunAsync(Repository.Cli, "streams", "--socket", pair.ControlSocket);
        var json = await Exec.RunAsync(Repository.Cli, "streams", "--json", "--socket", pair.ControlSocket);
        var metrics = await Exec.RunAsync(Repository.Cli, "metrics", "--socket", pair.ControlSocket);
        await pair.A.StopAsync(Cancellation);
        var none = await Exec.RunAsync(Repository.Cli, "streams", "--socket", pair.ControlSocket);

        Assert.Equal(4, list.Streams.Sum(stream => stream.PacketsSent));
        Assert.Equal(list.Streams.OrderBy(stream => stream.Id).Select(stream => stream.Name), list.Streams.Select(stream => stream.Name));
        Assert.All(list.Streams, stream => Assert.Equal(("default", pair.PeerB.ToString(), "/vpn/2.0.0"), (stream.Network, stream.Peer, stream.Protocol)));
        var lines = streams.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["network", "peer", "stream", "protocol", "lane", "flows", "queued", "waited", "packets", "sent", "age", "idle", "health", "rtt"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(list.Streams.Count, lines.Length - 1);
        Assert.All(lines.Skip(1), line => Assert.Matches($@"^\s*default\s+{pair.PeerB}\s+c\d+/\d+\s+/vpn/2\.0\.0\s+\d+\s+\d+\s+0/\d+ \(0%\)\s.*\s(not checked|ok)\s", line));
        using var document = System.Text.Json.JsonDocument.Parse(json.Output);
        Assert.Equal("unchecked", document.RootElement.GetProperty("streams")[0].GetProperty("health").GetString());
        Assert.Equal(pair.PeerB.ToString(), document.RootElement.GetProperty("streams")[0].GetProperty("peer").GetString());
        Assert.Contains("subnetvpn.packets.sent{network=default} 4\n", metrics.Output, StringComparison.Ordinal);
        Assert.Matches(@"subnetvpn\.queue\.wait\{network=default\} count=\d+ mean=[0-9.]+ s p50<=[0-9.]+ s p99<=[0-9.]+ s\n", metrics.Output);
        Assert.Equal((0, ""), (none.ExitCode, none.Error));
        Assert.StartsWith("No stream is open.", none.Output, StringComparison.Ordinal);
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "ObservableCounter" or "Counter" => "counter",
        "ObservableUpDownCounter" or "UpDownCounter" => "updown",
        "ObservableGauge" or "Gauge" => "gauge",
        "Histogram" => "histogram",
        var other => other,
    };

    private static async Task<(MediaTypeHeaderValue? Type, string Text)> GetAsync(string socket, bool openMetrics)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        if (openMetrics)
            http.DefaultRequestHeaders.Accept.ParseAdd("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3");
        using var response = await http.GetAsync(new Uri("http://node/metrics"), Cancellation);
        return (response.EnsureSuccessStatusCode().Content.Headers.ContentType, await response.Content.ReadAsStringAsync(Cancellation));
    }
}
