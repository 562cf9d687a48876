using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Control;
using SubnetVpn.Core.Control.Telemetry;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Control;

public sealed class ControlServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_FromStartToStop_AnswersAndThenIsGone()
    {
        using var folder = new TemporaryFolder();
        using var services = new TestServices();
        using var plan = TestNodes.Plan(folder, TestNodes.Alone());
        await using var node = new SubnetVpnNode(plan, services.Node);
        using var telemetry = new NodeTelemetry(services.Node.Meters);
        using var client = new ControlClient(plan.Configuration.ControlSocket);

        var before = await Assert.ThrowsAsync<VpnException>(() => client.GetStatusAsync(Cancellation));
        var server = await ControlServer.StartAsync(node, plan, telemetry, NullLoggerFactory.Instance, Cancellation);
        var notStarted = await client.GetStatusAsync(Cancellation);
        await node.StartAsync(Cancellation);
        var running = await NodeWaiter.WaitAsync(client, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        var peers = await client.GetPeersAsync(Cancellation);
        var plugins = await client.GetPluginsAsync(Cancellation);
        var metrics = await client.GetMetricsAsync(Cancellation);
        await node.StopAsync(Cancellation);
        var stopped = await client.GetStatusAsync(Cancellation);
        await server.DisposeAsync();
        var after = await Assert.ThrowsAsync<VpnException>(() => client.GetStatusAsync(Cancellation));

        Assert.Contains("the node is not running: there is no control socket", before.Message, StringComparison.Ordinal);
        Assert.Equal(("stopped", "running", "stopped"), (notStarted.State, running.State, stopped.State));
        Assert.Equal((node.GetSnapshot().TransportName, Environment.ProcessId), (running.Transport.Name, running.Pid));
        Assert.Equal(["10.77.0.1/24"], Assert.Single(running.Networks).VirtualIps);
        Assert.Empty(peers.Peers);
        Assert.Equal("active", plugins.Plugins.Single(plugin => plugin.Id == "tun.memory").Status);
        Assert.Equal(("disabled", "nothing selected it"), plugins.Plugins.Where(plugin => plugin.Id == "tun.linux").Select(plugin => (plugin.Status, plugin.Reason)).Single());
        Assert.Contains(metrics.Metrics, metric => metric.Name == "subnetvpn.packets.sent" && metric.Labels["network"] == "default");
        Assert.Equal(VpnErrorReason.Control, after.Reason);
        Assert.False(File.Exists(plan.Configuration.ControlSocket));
    }

    [Fact]
    public async Task StartAsync_AnotherNodeHasTheSocket_FailsAndLeavesItAlone()
    {
        using var folder = new TemporaryFolder();
        using var services = new TestServices();
        using var plan = TestNodes.Plan(folder, TestNodes.Alone());
        await using var node = new SubnetVpnNode(plan, services.Node);
        using var telemetry = new NodeTelemetry(services.Node.Meters);
        await using var server = await ControlServer.StartAsync(node, plan, telemetry, NullLoggerFactory.Instance, Cancellation);
        using var client = new ControlClient(plan.Configuration.ControlSocket);

        var fault = await Assert.ThrowsAsync<VpnException>(() => ControlServer.StartAsync(node, plan, telemetry, NullLoggerFactory.Instance, Cancellation));

        Assert.Contains("another node runs with this socket", fault.Message, StringComparison.Ordinal);
        Assert.Equal("stopped", (await client.GetStatusAsync(Cancellation)).State);
    }

    [Fact]
    public async Task WaitAsync_NodeThatDoesNotRun_TellsHowFarItCame()
    {
        using var folder = new TemporaryFolder();
        using var services = new TestServices();
        using var plan = TestNodes.Plan(folder, TestNodes.Alone());
        await using var node = new SubnetVpnNode(plan, services.Node);
        using var telemetry = new NodeTelemetry(services.Node.Meters);
        using var client = new ControlClient(plan.Configuration.ControlSocket);

        var absent = await Assert.ThrowsAsync<VpnException>(() => NodeWaiter.WaitAsync(client, TimeSpan.Zero, TimeProvider.System, Cancellation));
        await using var server = await ControlServer.StartAsync(node, plan, telemetry, NullLoggerFactory.Instance, Cancellation);
        var notStarted = await Assert.ThrowsAsync<VpnException>(() => NodeWaiter.WaitAsync(client, TimeSpan.Zero, TimeProvider.System, Cancellation));

        Assert.Contains("there is no control socket", absent.Message, StringComparison.Ordinal);
        Assert.Equal("not running after 0 s: the node is stopped.", notStarted.Message);
    }
}
