using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Mappings that tell where a peer can be dialled, and nothing of what it holds.</summary>
public sealed class AddressesAloneTests
{
    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task AddressesAlone_OfAStranger_MakeNoPeer()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await using var stranger = new TestNode(_network, "stranger", "10.0.0.9");
        a.Discovery.Tell(AddressesOf(stranger));

        await a.StartAsync(b);
        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers.Count > 0);

        // They were told in this order.
        Assert.Equal(b.Peer, Assert.Single(a.Service.GetSnapshot().Peers).Peer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddressesAlone_OfAMappedPeer_AreWhereItIsDialled(bool isFirst)
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await b.StartAsync(a);
        PeerMapping[] told = [AddressesOf(b), b.Mapping with { Addresses = [] }];
        foreach (var mapping in isFirst ? told : told.Reverse())
            a.Discovery.Tell(mapping);

        await a.StartAsync();
        await a.ReadyAsync(b);

        var peer = Assert.Single(a.Service.GetSnapshot().Peers);
        Assert.Equal(("test", MappingTrust.Authoritative), (peer.Source, peer.Trust));
        Assert.Equal(b.Mapping.Addresses, peer.Addresses);
    }

    [Fact]
    public async Task Mapping_Lost_LeavesNoPeerToAddressesAlone()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await b.StartAsync(a);
        await a.StartAsync(b);
        await a.ReadyAsync(b);

        a.Discovery.Tell(AddressesOf(b));
        a.Discovery.Tell(b.Mapping, PeerChangeKind.Lost);

        await Eventually.TrueAsync(() => a.Service.GetSnapshot().Peers.Count == 0);
    }

    private static PeerMapping AddressesOf(TestNode node) => node.Mapping with { Prefixes = [], Source = "lan", Trust = MappingTrust.Hearsay };
}
