using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Core.Hosting.Tests.Nodes;

/// <summary>Two whole nodes, over libp2p on the loopback device, that come to one address: each knows where the other is, and not what it holds.</summary>
public sealed class AddressConflictTests : IDisposable
{
    private static readonly IpPrefix s_subnet = IpPrefix.Parse("10.77.0.0/30");

    private readonly TemporaryFolder _folder = new();
    private readonly TestServices _servicesOfA = new();
    private readonly TestServices _servicesOfB = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoNodes_AutomaticAddressesMeet_OneMovesAndBothRun()
    {
        var (idOfA, idOfB) = MakeIdentities(static (a, b) => AutomaticAddress.DeriveIPv4(s_subnet, a, 0) == AutomaticAddress.DeriveIPv4(s_subnet, b, 0));
        using var planA = Plan("a", "auto", idOfB, "[]");
        await using var a = new SubnetVpnNode(planA, _servicesOfA.Node);
        await a.StartAsync(Cancellation);
        var disputed = a.GetSnapshot().Networks[0].Addresses[0].Address;
        using var planB = Plan("b", "auto", idOfA, $"[\"{a.GetSnapshot().ListenAddresses[0]}\"]");
        await using var b = new SubnetVpnNode(planB, _servicesOfB.Node);

        await b.StartAsync(Cancellation);
        await Eventually.TrueAsync(() => Address(a) is { } one && Address(b) is { } other && one != other);

        var isOfA = new AddressClaim(disputed, idOfA, true).IsBetterThan(new AddressClaim(disputed, idOfB, true), NetworkKey.Open("default"));
        var (winner, loser) = isOfA ? (a, b) : (b, a);
        var other = disputed == VirtualIp.Parse("10.77.0.1") ? "10.77.0.2/30" : "10.77.0.1/30";
        var status = StatusReport.Make(loser.GetSnapshot()).Networks[0];
        Assert.Equal(disputed, Address(winner));
        var address = Assert.Single(status.Addresses);
        Assert.Equal((other, true, disputed.ToString()), (address.Address, address.Automatic, Assert.Single(address.MovedFrom)));
        Assert.Equal(("moved", disputed.ToString(), winner.GetSnapshot().Peer.ToString()), (status.AddressConflict!.Outcome, status.AddressConflict.Address, status.AddressConflict.Peer));
        Assert.Contains("this node took another", status.AddressConflict.Summary, StringComparison.Ordinal);

        // The lost address is remembered as long as the node runs, whatever the peer does.
        await winner.StopAsync(Cancellation);
        await loser.Networks[0].StopAsync(Cancellation);
        Assert.Equal(VpnServiceState.Stopped, loser.Networks[0].GetSnapshot().State);
        await loser.Networks[0].StartAsync(Cancellation);
        Assert.Equal(other, loser.GetSnapshot().Networks[0].Addresses[0].ToString());
    }

    [Fact]
    public async Task TwoNodes_AutomaticMeetsWrittenOut_TheAutomaticMoves()
    {
        var (idOfA, idOfB) = MakeIdentities(static (_, _) => true);
        using var planA = Plan("a", "auto", idOfB, "[]");
        await using var a = new SubnetVpnNode(planA, _servicesOfA.Node);
        await a.StartAsync(Cancellation);
        var disputed = Address(a)!.Value;
        using var planB = Plan("b", disputed.ToString(), idOfA, $"[\"{a.GetSnapshot().ListenAddresses[0]}\"]");
        await using var b = new SubnetVpnNode(planB, _servicesOfB.Node);
        using var probe = new MetricProbe(_servicesOfA.Node.Meters);

        await b.StartAsync(Cancellation);
        await Eventually.TrueAsync(() => Address(a) is { } now && now != disputed);

        Assert.Equal((VpnServiceState.Running, disputed), (b.GetSnapshot().Networks[0].State, Address(b)));
        Assert.Equal(1, probe.Sum("subnetvpn.address.conflicts", "outcome=moved"));
    }

    [Fact]
    public async Task TwoNodes_WrittenOutAddressesMeet_OneStopsAndSaysWhy()
    {
        var (idOfA, idOfB) = MakeIdentities(static (_, _) => true);
        using var planA = Plan("a", "10.77.0.1", idOfB, "[]");
        await using var a = new SubnetVpnNode(planA, _servicesOfA.Node);
        await a.StartAsync(Cancellation);
        using var planB = Plan("b", "10.77.0.1", idOfA, $"[\"{a.GetSnapshot().ListenAddresses[0]}\"]");
        await using var b = new SubnetVpnNode(planB, _servicesOfB.Node);
        var disputed = VirtualIp.Parse("10.77.0.1");
        var isOfA = new AddressClaim(disputed, idOfA, false).IsBetterThan(new AddressClaim(disputed, idOfB, false), NetworkKey.Open("default"));
        var (winner, loser) = isOfA ? (a, b) : (b, a);

        await b.StartAsync(Cancellation);
        await Eventually.TrueAsync(() => loser.GetSnapshot().Networks[0].State == VpnServiceState.Failed);

        var status = StatusReport.Make(loser.GetSnapshot()).Networks[0];
        Assert.Contains($"its virtual IP 10.77.0.1 is not its own: {(isOfA ? idOfA : idOfB)} holds it, too", status.Error, StringComparison.Ordinal);
        Assert.Equal("stopped", status.AddressConflict!.Outcome);
        Assert.Null(loser.Networks[0].Service);
        Assert.Equal(VpnServiceState.Running, winner.GetSnapshot().Networks[0].State);
    }

    public void Dispose()
    {
        _servicesOfA.Dispose();
        _servicesOfB.Dispose();
        _folder.Dispose();
    }

    private static VirtualIp? Address(SubnetVpnNode node) =>
        node.GetSnapshot().Networks is [{ State: VpnServiceState.Running, Addresses: [var own, ..] }] ? own.Address : null;

    private (PeerId A, PeerId B) MakeIdentities(Func<PeerId, PeerId, bool> fit)
    {
        using var a = IdentityFile.Create(_folder.File("a.key"));
        while (true)
        {
            File.Delete(_folder.File("b.key"));
            using var b = IdentityFile.Create(_folder.File("b.key"));
            if (fit(a.Id, b.Id))
                return (a.Id, b.Id);
        }
    }

    private NodePlan Plan(string name, string address, PeerId peer, string peerAddresses) => NodePlan.Make(new ConfigurationInputs
    {
        File = _folder.Write($"{name}.yaml", $$"""
            node: { identity: {{name}}.key, listen: ["/ip4/127.0.0.1/tcp/0"] }
            control: { socket: {{name}}.sock }
            vpn: { virtual_ip: {{address}}, subnet: {{s_subnet}}, network_key: open, min_streams_per_peer: 1, {{TestNodes.Strategies}} }
            plugins:
              discovery.static: { peers: [ { id: {{peer}}, addresses: {{peerAddresses}}, routes: [10.99.0.0/16] } ] }
            """),
    });
}
