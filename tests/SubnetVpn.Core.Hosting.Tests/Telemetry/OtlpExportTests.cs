using System.Net;
using System.Net.Sockets;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

/// <summary>The daemon with the standard variables of OpenTelemetry in its environment.</summary>
public sealed class OtlpExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Daemon_EndpointIsSet_ExportsMetricsAndSpans()
    {
        using var collector = new OtlpCollector();
        // It dials a port where nobody is: a span.
        var config = _folder.Write("node.yaml", TestNodes.Alone().Replace("peers: []", "peers: [ { id: 12D3KooWMeubyRFbMB7Y2cUGLgcWjPENJKfUL3pdvbKoATh6puwG, addresses: [\"/ip4/127.0.0.1/tcp/1\"], virtual_ips: [10.77.0.2] } ]", StringComparison.Ordinal));
        using var daemon = RunningDaemon.Start(config, Export(collector.Endpoint, "http/protobuf"));

        await Eventually.TrueAsync(() => collector.Has("/v1/metrics", "subnetvpn.packets.sent") && collector.Has("/v1/metrics", "subnetvpn.transport.dials"));
        await Eventually.TrueAsync(() => collector.Has("/v1/traces", "stream open") && collector.Has("/v1/traces", "subnetvpn.outcome"));
        var code = await daemon.TerminateAsync();

        Assert.Equal(0, code);
        Assert.True(collector.Has("/v1/metrics", "subnetvpn"));
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Daemon_CollectorDoesNotAnswer_EndsInTimeAllTheSame(string protocol)
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        var config = _folder.Write("node.yaml", TestNodes.Alone());
        using var daemon = RunningDaemon.Start(config, Export($"http://{silent.LocalEndPoint}/", protocol));

        var wait = await Exec.RunAsync(Repository.Cli, "wait", "--config", config, "--timeout", "60");
        var code = await daemon.TerminateAsync();

        // It would be 1, and would say so, if it had to be cut off.
        Assert.Equal((0, 0), (wait.ExitCode, code));
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> Export(string endpoint, string protocol) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };
}
