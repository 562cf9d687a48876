using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Nodes;

/// <summary><c>virtual_ip: auto</c> and <c>virtual_ip6: auto</c>: which addresses a node starts with.</summary>
public sealed class AutomaticAddressTests : IDisposable
{
    private static readonly IpPrefix s_subnet = IpPrefix.Parse("10.77.0.0/24");

    private readonly TemporaryFolder _folder = new();
    private readonly TestServices _services = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_NobodyHoldsIt_TakesTheFirstChoiceEveryTime()
    {
        using var plan = Plan();
        await using var node = new SubnetVpnNode(plan, _services.Node);

        await node.StartAsync(Cancellation);
        var self = node.GetSnapshot().Peer;
        var first = Addresses(node);
        await node.StopAsync(Cancellation);
        await node.StartAsync(Cancellation);

        Assert.Equal([$"{AutomaticAddress.DeriveIPv4(s_subnet, self, 0)}/24", $"{AutomaticAddress.DeriveIPv6(AutomaticAddress.DeriveSubnet6("default"), self)}/64"], first);
        Assert.Equal(first, Addresses(node));
    }

    [Fact]
    public async Task Start_PeersHoldTheFirstChoices_TakesTheNext()
    {
        using var identity = IdentityFile.Create(_folder.File("a.key"));
        var held = Enumerable.Range(0, 3).Select(number => AutomaticAddress.DeriveIPv4(s_subnet, identity.Id, number)).ToList();
        var peers = held.Select(static address => $"{{ id: {NodeIdentity.Generate().Id}, virtual_ips: [{address}] }}");
        using var plan = Plan(peers: string.Join(", ", peers));
        await using var node = new SubnetVpnNode(plan, _services.Node);

        await node.StartAsync(Cancellation);

        Assert.Equal($"{AutomaticAddress.DeriveIPv4(s_subnet, identity.Id, 3)}/24", Addresses(node)[0]);
    }

    [Fact]
    public async Task Start_AllAreHeld_SaysSo()
    {
        using var plan = Plan("10.77.0.0/30", $"{{ id: {NodeIdentity.Generate().Id}, virtual_ips: [10.77.0.1, 10.77.0.2] }}");
        await using var node = new SubnetVpnNode(plan, _services.Node);

        var fault = await Assert.ThrowsAsync<VpnException>(() => node.StartAsync(Cancellation));

        Assert.Equal(VpnErrorReason.Discovery, fault.Reason);
        Assert.Contains("network default cannot start: no free address was found in 10.77.0.0/30; others hold the 2 that were tried", fault.Message, StringComparison.Ordinal);
        Assert.Contains("static", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WithoutAnIdentity_InventsNoConflictAndWritesNothing()
    {
        // Whatever identity it made up, its address would be one of these.
        using var plan = Plan("10.77.0.0/30", $"{{ id: {NodeIdentity.Generate().Id}, virtual_ips: [10.77.0.1, 10.77.0.2] }}");
        await using var node = new SubnetVpnNode(plan, _services.Node);

        await node.CheckAsync();

        Assert.False(File.Exists(_folder.File("a.key")));
    }

    [Fact]
    public async Task Reload_NothingChanged_ChangesNothing()
    {
        using var plan = Plan();
        await using var node = new SubnetVpnNode(plan, _services.Node);
        await node.StartAsync(Cancellation);
        var before = Addresses(node);

        var same = await node.ReloadAsync(restart: true, Cancellation);
        Write("10.77.0.0/25");
        var subnet = await node.ReloadAsync(restart: false, Cancellation);
        Write("10.77.0.0/24", address: "10.77.0.1");
        var written = await node.ReloadAsync(restart: false, Cancellation);
        var during = Addresses(node);
        await node.ReloadAsync(restart: true, Cancellation);

        Assert.Empty(same.Applied.Concat(same.Pending.Select(static change => change.Key)));
        Assert.Equal(["vpn:subnet"], subnet.Pending.Select(static change => change.Key));
        Assert.Equal(["vpn:virtual_ip"], written.Pending.Select(static change => change.Key));
        Assert.Equal(before, during);
        Assert.Equal(["10.77.0.1/24", before[1]], Addresses(node));
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private static List<string> Addresses(SubnetVpnNode node) => [.. node.GetSnapshot().Networks[0].Addresses.Select(static address => address.ToString())];

    private NodePlan Plan(string subnet = "10.77.0.0/24", string peers = "")
    {
        return NodePlan.Make(new ConfigurationInputs { File = Write(subnet, peers) });
    }

    private string Write(string subnet, string peers = "", string address = "auto") => _folder.Write("node.yaml", $$"""
        node: { identity: a.key, listen: [] }
        control: { socket: a.sock }
        vpn: { virtual_ip: {{address}}, subnet: {{subnet}}, virtual_ip6: auto, {{TestNodes.Strategies}} }
        plugins: { discovery.static: { peers: [{{peers}}] } }
        """);
}
