using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Nodes.Reloading;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.Core.Plugins.Catalog;

namespace SubnetVpn.Core.Hosting.Tests.Nodes;

/// <summary>A configuration that changes while the node runs. Two networks on the memory transport.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestServices _services = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reload_SameConfigurationOtherwiseWritten_IsUnchanged()
    {
        await using var node = await StartAsync(Yaml(office: "cleanup_interval: 60, unallowed_ports: [22, 3306]"));

        _folder.Write("node.yaml", "# A comment.\n" + Yaml(office: "unallowed_ports: ['3306', 22], cleanup_interval: 1m, max_streams_per_peer: 10"));
        var report = await node.Node.ReloadAsync(restart: true, Cancellation);

        Assert.True(report.IsUnchanged, string.Join(", ", report.Applied.Concat(report.Pending.Select(change => change.Key))));
    }

    [Fact]
    public async Task Reload_LiveKeys_HoldAtOnceAndNothingIsRestarted()
    {
        await using var node = await StartAsync(Yaml());
        var (office, lab) = (node.Office.Service, node.Lab.Service);

        _folder.Write("node.yaml", Yaml(office: string.Join(
            ", ", "unallowed_ports: [22], max_streams_per_peer: 20, min_streams_per_peer: 3, stream_idle_timeout: 100, cleanup_interval: 7, packet_buffer_size: 11",
            "worker_idle_timeout: 90s, worker_buffer_size: 12, worker_cleanup_interval: 8, health_check_interval: 20, health_check_timeout: 2",
            "max_consecutive_failures: 4, warm_interval: 9")));
        var report = await node.Node.ReloadAsync(restart: false, Cancellation);

        Assert.Equal(
            Under("networks:office", "cleanup_interval", "health_check_interval", "health_check_timeout", "max_consecutive_failures", "max_streams_per_peer", "min_streams_per_peer",
                "packet_buffer_size", "stream_idle_timeout", "unallowed_ports", "warm_interval", "worker_buffer_size", "worker_cleanup_interval", "worker_idle_timeout"),
            report.Applied.Order(StringComparer.Ordinal));
        Assert.Empty(report.Pending);
        Assert.Same(office, node.Office.Service);
        Assert.Same(lab, node.Lab.Service);
        var settings = node.Office.Configuration.Settings;
        Assert.Equal([(ushort)22], settings.UnallowedPorts);
        Assert.Equal((20, 3, 11, 12, 4), (settings.MaxStreamsPerPeer, settings.MinStreamsPerPeer, settings.PacketBufferSize, settings.WorkerBufferSize, settings.MaxConsecutiveFailures));
        Assert.Equal((7, 9), (settings.CleanupInterval.TotalSeconds, settings.WarmInterval.TotalSeconds));
        Assert.Empty(node.Lab.Configuration.Settings.UnallowedPorts);
        Assert.True((await node.Node.ReloadAsync(restart: false, Cancellation)).IsUnchanged);
    }

    [Theory]
    [InlineData("vpn: {mtu: 1400}\nnetworks: {office: {mtu: 1, rotes: []}}", "vpn:virtual_ip: is missing", "networks:office:mtu: '1': must be", "is an unknown key. Did you mean 'routes'?")]
    [InlineData("networks: [", "not valid YAML")]
    [InlineData("networks: {office: {virtual_ip: 10.1.0.1, subnet: 16, strategies: {tun: memry}}}", "provides tun:memry. Did you mean 'memory'?")]
    [InlineData("networks: {office: {virtual_ip: 10.1.0.1, subnet: 16}}\nplugins: {tun.memory: {ehco: 1}}", "is an unknown key. Did you mean 'echo'?")]
    public async Task Reload_WrongConfiguration_TellsEveryMistakeAndChangesNothing(string yaml, params string[] mistakes)
    {
        await using var node = await StartAsync(Yaml());
        var before = Look(node);

        _folder.Write("node.yaml", yaml);
        var fault = await Assert.ThrowsAsync<ConfigurationException>(() => node.Node.ReloadAsync(restart: true, Cancellation));

        foreach (var mistake in mistakes)
            Assert.Contains(mistake, fault.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("node.yaml"), fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Look(node));
        _folder.Write("node.yaml", Yaml());
        Assert.True((await node.Node.ReloadAsync(restart: true, Cancellation)).IsUnchanged);
    }

    [Fact]
    public async Task Reload_FileIsGone_SaysSoAndChangesNothing()
    {
        await using var node = await StartAsync(Yaml());
        var before = Look(node);

        File.Delete(_folder.File("node.yaml"));
        var fault = await Assert.ThrowsAsync<VpnException>(() => node.Node.ReloadAsync(restart: true, Cancellation));

        Assert.Contains("does not exist", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Look(node));
    }

    [Fact]
    public async Task Reload_WhatOnlyThePluginCanTell_ChangesNothing()
    {
        await using var node = await StartAsync(Yaml());
        var before = Look(node);
        var other = NodeIdentity.Generate();

        // Our own address as another's: the constructor of the static discovery refuses it.
        _folder.Write("node.yaml", Yaml(office: "max_streams_per_peer: 20", peers: $"[{{ id: {other.Id}, virtual_ips: [10.1.0.1] }}]"));
        var fault = await Assert.ThrowsAsync<VpnException>(() => node.Node.ReloadAsync(restart: true, Cancellation));

        Assert.Contains("10.1.0.1", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Look(node));
    }

    [Fact]
    public async Task Reload_KeysThatNeedARestart_AreNamedUntilTheNetworkIsRestarted()
    {
        await using var node = await StartAsync(Yaml());
        var (office, lab) = (node.Office.Service, node.Lab.Service);

        _folder.Write("node.yaml", Yaml(
            office: "mtu: 1300, routes: [10.9.0.0/16], tun_name: x0, protocol: /x/1.0.0, virtual_ip6: 'fd00::1', max_streams_per_peer: 20",
            officeAddress: "10.3.0.1", peers: $"[{{ id: {NodeIdentity.Generate().Id}, virtual_ips: [10.3.0.9] }}]"));
        var first = await node.Node.ReloadAsync(restart: false, Cancellation);
        var second = await node.Node.ReloadAsync(restart: false, Cancellation);
        var untouched = (node.Office.Service, node.Office.Configuration.Settings.Mtu);
        var third = await node.Node.ReloadAsync(restart: true, Cancellation);

        string[] own = [.. Under("networks:office", "mtu", "protocol", "routes", "subnet6", "tun_name", "virtual_ip", "virtual_ip6")];
        Assert.Equal(["networks:office:max_streams_per_peer"], first.Applied);
        Assert.Equal([.. own, "plugins:discovery.static:peers"], KeysOf(first, "office"));
        Assert.Equal(["plugins:discovery.static:peers"], KeysOf(first, "lab"));
        Assert.Equal(first.Pending, second.Pending);
        Assert.Empty(second.Applied);
        Assert.Equal((office, 1400), untouched);
        Assert.Equal(["lab", "office"], third.Restarted);
        Assert.Empty(third.Pending.Concat(first.Pending.Where(change => change.Network is null)));
        Assert.NotSame(office, node.Office.Service);
        Assert.NotSame(lab, node.Lab.Service);
        var snapshot = node.Office.GetSnapshot();
        Assert.Equal((VpnServiceState.Running, 1300, "10.3.0.1/16, fd00::1/64"), (snapshot.State, snapshot.Mtu, string.Join(", ", snapshot.Addresses)));
        Assert.True((await node.Node.ReloadAsync(restart: true, Cancellation)).IsUnchanged);
    }

    [Fact]
    public async Task Reload_WithRestart_LeavesTheOtherNetworkAlone()
    {
        await using var node = await StartAsync(Yaml());
        var (office, lab) = (node.Office.Service, node.Lab.Service);

        _folder.Write("node.yaml", Yaml(office: "mtu: 1300"));
        var report = await node.Node.ReloadAsync(restart: true, Cancellation);

        Assert.Equal(["office"], report.Restarted);
        Assert.Empty(report.Pending);
        Assert.NotSame(office, node.Office.Service);
        Assert.Same(lab, node.Lab.Service);
    }

    [Fact]
    public async Task Reload_NetworksAddedAndRemoved_ComeAndGoWithRestartOnly()
    {
        await using var node = await StartAsync(Yaml());
        var office = node.Office.Service;

        _folder.Write("node.yaml", Yaml().Replace("lab:", "attic:", StringComparison.Ordinal));
        var told = await node.Node.ReloadAsync(restart: false, Cancellation);
        var before = node.Node.Networks.Select(network => network.Name).ToList();
        var done = await node.Node.ReloadAsync(restart: true, Cancellation);

        Assert.Equal([new PendingChange("networks:lab", "lab"), new PendingChange("networks:attic", "attic")], told.Pending);
        Assert.Equal(["lab", "office"], before);
        Assert.Equal(("lab", "attic"), (Assert.Single(done.Stopped), Assert.Single(done.Started)));
        Assert.Empty(done.Pending);
        Assert.Equal(["office", "attic"], node.Node.Networks.Select(network => network.Name));
        Assert.All(node.Node.GetSnapshot().Networks, network => Assert.Equal(VpnServiceState.Running, network.State));
        Assert.Same(office, node.Office.Service);
        Assert.True((await node.Node.ReloadAsync(restart: true, Cancellation)).IsUnchanged);
    }

    [Fact]
    public async Task Reload_NetworksSwapTheirSubnets_BothRunAfterwards()
    {
        await using var node = await StartAsync(Yaml(office: "tun_name: t0", lab: "tun_name: t1"));

        _folder.Write("node.yaml", Yaml(office: "tun_name: t1", lab: "tun_name: t0", officeAddress: "10.2.0.1", labAddress: "10.1.0.1"));
        var report = await node.Node.ReloadAsync(restart: true, Cancellation);

        Assert.Equal(["lab", "office"], report.Restarted);
        Assert.Equal(["10.1.0.1/16", "10.2.0.1/16"], node.Node.GetSnapshot().Networks.Select(network => network.Addresses[0].ToString()));
    }

    [Fact]
    public async Task Reload_NetworkThatDoesNotStartAnew_GoesBackToHowItRan()
    {
        await using var node = await StartAsync(Yaml(office: "max_streams_per_peer: 20"));
        var taken = _folder.Write("taken", "a file that stands in the way of the device");

        _folder.Write("node.yaml", Yaml(office: "max_streams_per_peer: 30, mtu: 1300", lab: "enable: false", plugins: $"tun.memory: {{ host_socket: {taken} }}"));
        var failed = await node.Node.ReloadAsync(restart: true, Cancellation);
        var (state, settings) = (node.Office.GetSnapshot().State, node.Office.Configuration.Settings);
        File.Delete(taken);
        var mended = await node.Node.ReloadAsync(restart: true, Cancellation);

        var fault = Assert.Single(failed.Failed);
        Assert.Equal("office", fault.Network);
        Assert.EndsWith("It runs as before.", fault.Error, StringComparison.Ordinal);
        Assert.Contains(taken, fault.Error, StringComparison.Ordinal);
        Assert.Equal(["networks:office:mtu", "plugins:tun.memory:host_socket"], KeysOf(failed, "office"));
        // What was applied before the restart holds on.
        Assert.Equal((VpnServiceState.Running, 30, 1400), (state, settings.MaxStreamsPerPeer, settings.Mtu));
        Assert.Equal(["lab"], failed.Stopped);
        Assert.Equal(["office"], mended.Restarted);
        Assert.Equal(1300, node.Office.Configuration.Settings.Mtu);
    }

    [Fact]
    public async Task Reload_KeysOfTheNode_WaitForTheNode()
    {
        await using var node = await StartAsync(Yaml(plugins: "transport.memory: { hub: one }"));
        var office = node.Office.Service;

        _folder.Write("node.yaml", Yaml(office: "max_streams_per_peer: 20", plugins: "transport.memory: { hub: two }\n  disabled: [resilience.none]")
            .Replace("a.key", "b.key", StringComparison.Ordinal).Replace("a.sock", "b.sock", StringComparison.Ordinal).Replace("/memory/0", "/memory/other", StringComparison.Ordinal));
        var report = await node.Node.ReloadAsync(restart: true, Cancellation);

        Assert.Equal(["networks:office:max_streams_per_peer"], report.Applied);
        Assert.Equal(["control:socket", "node:identity", "node:listen", "plugins:disabled", "plugins:transport.memory:hub"], KeysOf(report, null));
        Assert.Empty(report.Restarted);
        Assert.Same(office, node.Office.Service);
        Assert.False(File.Exists(_folder.File("b.key")));
    }

    [Fact]
    public async Task Reload_PluginsSwitchedOffThatAreNeeded_IsRejected()
    {
        await using var node = await StartAsync(Yaml());
        var before = Look(node);

        _folder.Write("node.yaml", Yaml(plugins: "disabled: [tun.memory]"));
        var fault = await Assert.ThrowsAsync<ConfigurationException>(() => node.Node.ReloadAsync(restart: true, Cancellation));

        Assert.Contains("the operator switched it off", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Look(node));
    }

    [Fact]
    public async Task Reload_StoppedNode_StartsWithTheNewConfiguration()
    {
        await using var node = await StartAsync(Yaml());
        await node.Node.StopAsync(Cancellation);

        _folder.Write("node.yaml", Yaml(office: "mtu: 1300"));
        var report = await node.Node.ReloadAsync(restart: false, Cancellation);
        await node.Node.StartAsync(Cancellation);

        Assert.True(report.IsUnchanged);
        Assert.Equal(1300, node.Office.GetSnapshot().Mtu);
    }

    [Fact]
    public async Task Reload_StoppedNetwork_StaysStoppedAndStartsWithTheNewConfiguration()
    {
        await using var node = await StartAsync(Yaml());
        await node.Office.StopAsync(Cancellation);

        _folder.Write("node.yaml", Yaml(office: "mtu: 1300"));
        var report = await node.Node.ReloadAsync(restart: true, Cancellation);
        var stopped = node.Office.GetSnapshot().State;
        await node.Office.StartAsync(Cancellation);

        Assert.Empty(report.Restarted);
        Assert.Equal(VpnServiceState.Stopped, stopped);
        Assert.Equal(1300, node.Office.GetSnapshot().Mtu);
    }

    [Fact]
    public async Task Reload_ConfigurationOfTheHost_IsReadAsItIsThen()
    {
        var values = new Dictionary<string, string?>
        {
            ["mine:node:identity"] = _folder.File("a.key"),
            ["mine:node:listen:0"] = "/memory/0",
            ["mine:vpn:virtual_ip"] = "10.1.0.1",
            ["mine:vpn:strategies:transport"] = "memory",
            ["mine:vpn:strategies:tun"] = "memory",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection();
        services.AddSubnetVpn(configuration.GetSection("mine"));
        await using var provider = services.BuildServiceProvider();
        foreach (var hosted in provider.GetServices<IHostedService>())
            await hosted.StartAsync(Cancellation);
        var node = provider.GetRequiredService<SubnetVpnNode>();

        configuration["mine:vpn:unallowed_ports:0"] = "22";
        configuration["mine:vpn:mtu"] = "1300";
        configuration["mine:plugins:discovery.static:peers:0:id"] = "x";
        var wrong = await Assert.ThrowsAsync<ConfigurationException>(() => node.ReloadAsync(restart: false, Cancellation));
        // What was read and is wrong is not used by a restart either.
        await node.Networks[0].StopAsync(Cancellation);
        await node.Networks[0].StartAsync(Cancellation);
        var before = node.Networks[0].Configuration.Settings;
        configuration["mine:plugins:discovery.static:peers:0:id"] = NodeIdentity.Generate().Id.ToString();
        configuration["mine:plugins:discovery.static:peers:0:virtual_ips:0"] = "10.1.0.2";
        var report = await node.ReloadAsync(restart: false, Cancellation);

        Assert.Equal("mine:plugins:discovery.static:peers:0:id", wrong.Mistakes[0].Path);
        Assert.Equal((1400, 0), (before.Mtu, before.UnallowedPorts.Count));
        Assert.Equal(["mine:vpn:unallowed_ports"], report.Applied);
        Assert.Equal(["mine:plugins:discovery.static:peers", "mine:vpn:mtu"], KeysOf(report, "default"));
        await node.StopAsync(Cancellation);
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private async Task<RunningNode> StartAsync(string yaml)
    {
        var plan = TestNodes.Plan(_folder, yaml);
        var node = new SubnetVpnNode(plan, _services.Node);
        await node.StartAsync(Cancellation);
        return new RunningNode(plan, node);
    }

    private static string Yaml(
        string office = "", string lab = "", string peers = "[]", string plugins = "", string officeAddress = "10.1.0.1", string labAddress = "10.2.0.1") => $$"""
        node: { identity: a.key, listen: [/memory/0] }
        control: { socket: a.sock }
        networks:
          office: { virtual_ip: {{officeAddress}}, subnet: 16, strategies: { transport: memory, tun: memory }, {{office}} }
          lab: { virtual_ip: {{labAddress}}, subnet: 16, strategies: { transport: memory, tun: memory }, {{lab}} }
        plugins:
          discovery.static: { peers: {{peers}} }
          {{plugins}}
        """;

    private static IEnumerable<string> Under(string section, params string[] keys) => keys.Select(key => $"{section}:{key}");

    private static IEnumerable<string> KeysOf(ReloadReport report, string? network) =>
        report.Pending.Where(change => change.Network == network).Select(change => change.Key).Order(StringComparer.Ordinal);

    // Everything that a reload could change, but for the settings' own collections, which are compared by reference: they are the same objects.
    private static (IVpnService? Office, IVpnService? Lab, object OfficeSettings, object LabSettings, string Plugins) Look(RunningNode node) =>
        (node.Office.Service, node.Lab.Service, node.Office.Configuration, node.Lab.Configuration,
            string.Join('\n', node.Plan.Catalog.GetStatus().Select(plugin => (plugin.Id, plugin.Status, plugin.Status == PluginStatus.Active ? null : plugin.Reason))));

    private sealed record RunningNode(NodePlan Plan, SubnetVpnNode Node) : IAsyncDisposable
    {
        public NodeNetwork Office => Node.Networks.Single(network => network.Name == "office");

        public NodeNetwork Lab => Node.Networks.Single(network => network.Name == "lab");

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            Plan.Dispose();
        }
    }
}
