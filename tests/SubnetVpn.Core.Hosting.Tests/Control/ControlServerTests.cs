using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Control;
using SubnetVpn.Core.Control.Telemetry;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Control.Contracts;
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

    [Fact]
    public async Task ResetPeer_OpenCircuit_ClosesItAndTellsWhatItWas()
    {
        using var folder = new TemporaryFolder();
        using var services = new TestServices();
        using var plan = TestNodes.Plan(folder, TestNodes.WithDeadPeer());
        await using var node = new SubnetVpnNode(plan, services.Node);
        using var telemetry = new NodeTelemetry(services.Node.Meters);
        await using var server = await ControlServer.StartAsync(node, plan, telemetry, NullLoggerFactory.Instance, Cancellation);
        using var client = new ControlClient(plan.Configuration.ControlSocket);
        await node.StartAsync(Cancellation);

        var open = await WhenCircuitOpensAsync(client);
        var byAddress = await client.ResetPeerAsync("10.77.0.9", Cancellation);
        await WhenCircuitOpensAsync(client);
        var byId = await client.ResetPeerAsync(TestNodes.DeadPeer, Cancellation);
        var metrics = await client.GetMetricsAsync(Cancellation);

        Assert.Equal("open", open.Circuit.State);
        Assert.NotNull(open.Circuit.NextProbe);
        Assert.Contains(open.Circuit.LastError!.TrimEnd('.'), open.Circuit.Summary, StringComparison.Ordinal);
        Assert.True(Transitions("open") >= 2, $"{Transitions("open")} transitions to open");
        Assert.True(Transitions("closed") >= 2, $"{Transitions("closed")} transitions to closed");
        foreach (var reset in new[] { byAddress, byId })
        {
            Assert.Equal(TestNodes.DeadPeer, reset.Peer);
            Assert.Equal(["default"], reset.Networks);
            var circuit = Assert.Single(reset.Circuits);
            Assert.Equal(("default", "open_stream", "open", 1), (circuit.Network, circuit.Operation, circuit.Before.State, circuit.Before.ConsecutiveFailures));
        }

        double Transitions(string state) => metrics.Metrics
            .Where(metric => metric.Name == "subnetvpn.circuit.transitions" && metric.Labels["peer"] == TestNodes.DeadPeer && metric.Labels["state"] == state)
            .Sum(metric => metric.Value);
    }

    [Theory]
    [InlineData("12D3KooWQDhzESXLScnRhZuUiBvHGSiKWMLMkfTvwfqi2rAeoaTn", "no peer '12D3KooWQDhzESXLScnRhZuUiBvHGSiKWMLMkfTvwfqi2rAeoaTn' is known to a network that runs. 1 peer is known; 'subnetvpn peers' lists them.")]
    [InlineData("10.77.0.8", "no peer '10.77.0.8' is known to a network that runs. 1 peer is known; 'subnetvpn peers' lists them.")]
    [InlineData("bob", "'bob' is neither a peer id nor a virtual IP. 'subnetvpn peers' lists the peers.")]
    public async Task ResetPeer_Unknown_TellsWhatToDo(string peer, string message)
    {
        using var folder = new TemporaryFolder();
        using var services = new TestServices();
        using var plan = TestNodes.Plan(folder, TestNodes.WithDeadPeer());
        await using var node = new SubnetVpnNode(plan, services.Node);
        using var telemetry = new NodeTelemetry(services.Node.Meters);
        await using var server = await ControlServer.StartAsync(node, plan, telemetry, NullLoggerFactory.Instance, Cancellation);
        using var client = new ControlClient(plan.Configuration.ControlSocket);
        await node.StartAsync(Cancellation);
        await WhenCircuitOpensAsync(client);

        var fault = await Assert.ThrowsAsync<VpnException>(() => client.ResetPeerAsync(peer, Cancellation));

        Assert.Equal((VpnErrorReason.Control, message), (fault.Reason, fault.Message));
    }

    private static async Task<PeerStatus> WhenCircuitOpensAsync(ControlClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if ((await client.GetPeersAsync(limit.Token)).Peers is [{ Circuit.State: "open" } peer])
                return peer;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
