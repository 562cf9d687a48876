using LeaseServer;
using LeaseServer.Leases;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Hosting.Tests.Nodes;

/// <summary>Whole nodes whose addresses are leased from the sample's server.</summary>
public sealed class LeasedAddressTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestServices _services = new();
    private WebApplication _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LeaseBook Book => _server.Services.GetRequiredService<LeaseBook>();

    private LeaseNetwork Network => _server.Services.GetRequiredService<IReadOnlyDictionary<string, LeaseNetwork>>()["default"];

    public async ValueTask InitializeAsync()
    {
        _server = LeaseApplication.Create(
            [
                "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Leases:Networks:default:Subnets:0=10.77.0.0/24",
                $"--Leases:File={_folder.File("leases.json")}", $"--Leases:KeyFile={_folder.File("server.key")}",
            ],
            TimeProvider.System);
        await _server.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task StartAsync_AddressOfAnotherNode_FailsAndSaysWhose()
    {
        using var first = Plan("first", "10.77.0.1");
        using var second = Plan("second", "10.77.0.1");
        await using var holder = new SubnetVpnNode(first, _services.Node);
        await using var other = new SubnetVpnNode(second, _services.Node);

        await holder.StartAsync(Cancellation);
        var peer = holder.GetSnapshot().Peer;
        var exception = await Assert.ThrowsAsync<VpnException>(() => other.StartAsync(Cancellation));

        Assert.Equal(VpnErrorReason.Discovery, exception.Reason);
        Assert.StartsWith(
            $"network default cannot start: the registry gives the virtual IP 10.77.0.1 to {peer}, not to this node (", exception.Message, StringComparison.Ordinal);
        Assert.Equal((VpnServiceState.Failed, VpnServiceState.Running), (other.State, holder.State));
        Assert.Equal(peer, Holder("10.77.0.1"));

        await holder.StopAsync(Cancellation);
        Assert.Null(Holder("10.77.0.1"));
        await other.StartAsync(Cancellation);
        Assert.Equal(other.GetSnapshot().Peer, Holder("10.77.0.1"));
    }

    [Fact]
    public async Task Resolve_LeasedAddress_NamesItsHolderByTheRegistry()
    {
        using var first = Plan("first", "10.77.0.1");
        using var second = Plan("second", "10.77.0.2");
        await using var one = new SubnetVpnNode(first, _services.Node);
        await using var two = new SubnetVpnNode(second, _services.Node);
        await one.StartAsync(Cancellation);
        await two.StartAsync(Cancellation);

        var known = await one.Networks[0].ResolveAsync(VirtualIp.Parse("10.77.0.2"), Cancellation);
        var unknown = await one.Networks[0].ResolveAsync(VirtualIp.Parse("10.77.0.3"), Cancellation);

        Assert.Equal(two.GetSnapshot().Peer, known?.Registration?.Mapping?.Peer);
        Assert.Equal("Nobody holds 10.77.0.3 in 'default'.", unknown?.Registration?.Detail);
    }

    [Fact]
    public async Task StartAsync_AutomaticAddressOfAnother_LeasesTheNext()
    {
        using var plan = Plan("first", "auto");
        await using var node = new SubnetVpnNode(plan, _services.Node);
        await node.StartAsync(Cancellation);
        var first = AddressOf(node);
        var peer = node.GetSnapshot().Peer;
        var leased = Holder(first.ToString());
        await node.StopAsync(Cancellation);

        Assert.Equal(LeaseVerdict.Granted, Book.Request(Network, first, TestPeers.Create(2)).Verdict);
        await node.StartAsync(Cancellation);
        var second = AddressOf(node);

        Assert.Equal(peer, leased);
        Assert.NotEqual(first, second);
        Assert.Equal((peer, TestPeers.Create(2)), (Holder(second.ToString()), Holder(first.ToString())));
    }

    [Fact]
    public async Task StartAsync_AddressOutsideTheServersSubnet_FailsAndSaysWhy()
    {
        using var plan = Plan("first", "10.78.0.1", "10.78.0.0/24");
        await using var node = new SubnetVpnNode(plan, _services.Node);

        var exception = await Assert.ThrowsAsync<VpnException>(() => node.StartAsync(Cancellation));

        Assert.Contains("(The subnets of 'default' are 10.77.0.0/24)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_NoServer_FailsAndSaysWhich()
    {
        var url = _server.Urls.First();
        using var plan = Plan("first", "10.77.0.1");
        await using var node = new SubnetVpnNode(plan, _services.Node);
        await _server.StopAsync(Cancellation);

        var exception = await Assert.ThrowsAsync<VpnException>(() => node.StartAsync(Cancellation));

        Assert.Contains($"the registry could not be asked who holds the virtual IP 10.77.0.1: {url} cannot be asked: ", exception.Message, StringComparison.Ordinal);
    }

    private PeerId? Holder(string address) => Book.Find(Network, VirtualIp.Parse(address))?.Peer;

    private static VirtualIp AddressOf(SubnetVpnNode node) => Assert.Single(Assert.Single(node.GetSnapshot().Networks).Addresses).Address;

    private NodePlan Plan(string name, string address, string subnet = "10.77.0.0/24") => TestNodes.Plan(_folder, $$"""
        node: { identity: {{name}}.key, listen: ["/ip4/127.0.0.1/tcp/0"] }
        control: { socket: {{name}}.sock }
        vpn:
          virtual_ip: {{address}}
          subnet: {{subnet}}
          strategies: { tun: memory, registry: http }
        plugins:
          registry.http: { url: "{{_server.Urls.First()}}", server_key: "{{_server.Services.GetRequiredService<LeaseServer.Signing.ServerKey>().Public}}" }
          discovery.static: { peers: [] }
        """);
}
