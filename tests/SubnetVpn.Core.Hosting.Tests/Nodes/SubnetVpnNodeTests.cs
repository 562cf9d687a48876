using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Nodes;

public sealed class SubnetVpnNodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestServices _services = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_FirstTime_MakesTheIdentityAndRuns()
    {
        using var plan = TestNodes.Plan(_folder, TestNodes.Alone());
        await using var node = new SubnetVpnNode(plan, _services.Node);

        await node.StartAsync(Cancellation);
        await node.StartAsync(Cancellation);
        var snapshot = node.GetSnapshot();

        using var identity = IdentityFile.Load(_folder.File("a.key"));
        Assert.Equal(identity.Id, snapshot.Peer);
        Assert.Equal(VpnServiceState.Running, snapshot.State);
        Assert.Equal(("libp2p", VpnServiceState.Running), (snapshot.TransportName, Assert.Single(snapshot.Networks).State));
        Assert.StartsWith("/ip4/127.0.0.1/tcp/", Assert.Single(snapshot.ListenAddresses), StringComparison.Ordinal);
        Assert.DoesNotContain("/tcp/0", snapshot.ListenAddresses[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopAsync_ThenStartAsync_RunsAgainWithTheSameIdentity()
    {
        using var plan = TestNodes.Plan(_folder, TestNodes.Alone());
        await using var node = new SubnetVpnNode(plan, _services.Node);
        await node.StartAsync(Cancellation);
        var peer = node.GetSnapshot().Peer;

        await node.StopAsync(Cancellation);
        await node.StopAsync(Cancellation);
        var stopped = node.GetSnapshot();
        await node.StartAsync(Cancellation);

        Assert.Equal(VpnServiceState.Stopped, stopped.State);
        Assert.Empty(stopped.Networks);
        Assert.Equal((VpnServiceState.Running, peer), (node.State, node.GetSnapshot().Peer));
    }

    [Fact]
    public async Task StartAsync_FailsMidway_UndoesAll()
    {
        var taken = _folder.Write("taken", "a file that stands in the way of the device");
        using var plan = TestNodes.Plan(_folder, TestNodes.Alone(plugins: $"tun.memory: {{ host_socket: {taken} }}"), "node:listen:0=/ip4/127.0.0.1/tcp/" + FreePort());
        await using var node = new SubnetVpnNode(plan, _services.Node);

        var fault = await Assert.ThrowsAsync<VpnException>(() => node.StartAsync(Cancellation));
        var failed = node.State;
        File.Delete(taken);
        await node.StartAsync(Cancellation);

        Assert.Equal(VpnErrorReason.Tun, fault.Reason);
        Assert.Equal(VpnServiceState.Failed, failed);
        // The same port again: the first attempt let go of it.
        Assert.Equal(VpnServiceState.Running, node.State);
    }

    [Fact]
    public async Task StartAsync_Cancelled_UndoesAll()
    {
        using var plan = TestNodes.Plan(_folder, TestNodes.Alone());
        await using var node = new SubnetVpnNode(plan, _services.Node);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.StartAsync(new CancellationToken(canceled: true)));

        Assert.Equal(VpnServiceState.Stopped, node.State);
    }

    [Fact]
    public async Task NetworkStopAsync_OneOfTwo_LeavesTheOtherAlone()
    {
        using var plan = TestNodes.Plan(_folder, $$"""
            node: { identity: a.key, listen: [] }
            networks:
              office: { virtual_ip: 10.1.0.1, subnet: 16, {{TestNodes.Strategies}} }
              lab: { virtual_ip: 10.2.0.1, subnet: 16, {{TestNodes.Strategies}} }
            """);
        await using var node = new SubnetVpnNode(plan, _services.Node);
        await node.StartAsync(Cancellation);
        var lab = node.Networks.Single(network => network.Name == "lab");
        var office = node.Networks.Single(network => network.Name == "office");
        var (firstLab, firstOffice) = (lab.Service, office.Service);

        await lab.StopAsync(Cancellation);
        var afterStop = (lab.GetSnapshot().State, office.GetSnapshot().State);
        await lab.StartAsync(Cancellation);

        Assert.Equal((VpnServiceState.Stopped, VpnServiceState.Running), afterStop);
        Assert.Equal((VpnServiceState.Running, VpnServiceState.Running), (lab.GetSnapshot().State, office.GetSnapshot().State));
        Assert.Same(firstOffice, office.Service);
        Assert.NotSame(firstLab, lab.Service);
    }

    [Fact]
    public async Task StartAsync_IdentityOpenToOthers_SaysHowToMend()
    {
        using var plan = TestNodes.Plan(_folder, TestNodes.Alone());
        using (IdentityFile.Create(_folder.File("a.key")))
            Unix.SetMode(_folder.File("a.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await using var node = new SubnetVpnNode(plan, _services.Node);

        var start = await Assert.ThrowsAsync<IdentityException>(() => node.StartAsync(Cancellation));
        var check = await Assert.ThrowsAsync<IdentityException>(node.CheckAsync);

        Assert.Contains("chmod 600", start.Message, StringComparison.Ordinal);
        Assert.Equal(start.Message, check.Message);
    }

    [Fact]
    public async Task CheckAsync_AllIsWell_WritesAndStartsNothing()
    {
        using var plan = TestNodes.Plan(_folder, TestNodes.Alone());
        await using var node = new SubnetVpnNode(plan, _services.Node);

        await node.CheckAsync();

        Assert.Equal(VpnServiceState.Stopped, node.State);
        Assert.False(File.Exists(_folder.File("a.key")));
    }

    [Fact]
    public async Task CheckAsync_WhatOnlyThePluginCanTell_IsTold()
    {
        var other = NodeIdentity.Generate();
        using var plan = TestNodes.Plan(
            _folder, TestNodes.Alone(), $"plugins:discovery.static:peers:0:id={other.Id}", "plugins:discovery.static:peers:0:virtual_ips=10.77.0.1");
        await using var node = new SubnetVpnNode(plan, _services.Node);

        var fault = await Assert.ThrowsAsync<VpnException>(node.CheckAsync);

        Assert.Equal(VpnErrorReason.Configuration, fault.Reason);
        Assert.Contains("10.77.0.1", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
