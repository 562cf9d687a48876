using System.Text;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.Discovery.Mdns.Dns;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

public sealed class MdnsEngineTests
{
    private readonly MdnsWire _wire = new();

    [Fact]
    public void TwoNodes_OneAfterTheOther_KnowEachOtherWithinASecond()
    {
        var one = _wire.Add(1);
        _wire.Run(30);
        var two = _wire.Add(2);

        _wire.Run(0.3);

        Assert.Equal(TestPeers.Create(2), one.HolderOf("10.0.0.2"));
        Assert.Equal(TestPeers.Create(1), two.HolderOf("10.0.0.1"));
        var mapping = Assert.Single(one.Engine.Peers.Mappings);
        Assert.Equal(["/ip4/198.18.0.2/tcp/4001"], mapping.Addresses);
        Assert.Equal(("mdns", MappingTrust.Hearsay), (mapping.Source, mapping.Trust));
    }

    [Fact]
    public void Node_OfAnotherNetwork_IsAnAddressAlone()
    {
        var one = _wire.Add(1);
        _wire.Add(2, network: "other");

        _wire.Run(5);

        Assert.Null(one.HolderOf("10.0.0.2"));
        var mapping = Assert.Single(one.Engine.Peers.Mappings);
        Assert.Empty(mapping.Prefixes);
        Assert.Equal(["/ip4/198.18.0.2/tcp/4001"], mapping.Addresses);
    }

    [Fact]
    public void Node_ThatAsksOnly_IsNotKnownAndKnows()
    {
        var one = _wire.Add(1);
        var silent = _wire.Add(2, isTelling: false);

        _wire.Run(5);

        Assert.Empty(one.Engine.Peers.Mappings);
        Assert.Equal(TestPeers.Create(1), silent.HolderOf("10.0.0.1"));
        Assert.DoesNotContain(_wire.Sent, static sent => sent is { Node: 2, Packet.Kind: not PacketKind.Query });
    }

    [Fact]
    public void Nodes_ForHours_NeitherLoseEachOtherNorSendMuch()
    {
        var one = _wire.Add(1);
        var two = _wire.Add(2);
        _wire.Run(10);
        var before = _wire.Sent.Count;

        for (var minute = 0; minute < 120; minute++)
        {
            _wire.Run(60);
            Assert.Equal(TestPeers.Create(2), one.HolderOf("10.0.0.2"));
            Assert.Equal(TestPeers.Create(1), two.HolderOf("10.0.0.1"));
        }

        // Each asks every 50 s, and is answered by both at most.
        Assert.InRange(_wire.Sent.Count - before, 1, 2 * (2 * 60 / 50 + 1) * 3 * 60);
    }

    [Fact]
    public void Node_GoneWithoutAWord_ExpiresAfterItsTtl()
    {
        var one = _wire.Add(1);
        var two = _wire.Add(2);
        _wire.Run(5);
        _wire.Remove(two);

        _wire.Run(110);
        var atFirst = one.HolderOf("10.0.0.2");
        _wire.Run(15);

        Assert.Equal(TestPeers.Create(2), atFirst);
        Assert.Null(one.HolderOf("10.0.0.2"));
        Assert.Empty(one.Engine.Peers.Mappings);
    }

    [Fact]
    public void Node_ThatSaysGoodbye_IsForgottenInASecond()
    {
        var one = _wire.Add(1);
        var two = _wire.Add(2);
        _wire.Run(5);

        _wire.Leave(two);
        _wire.Run(1.5);

        Assert.Empty(one.Engine.Peers.Mappings);
        Assert.Single(_wire.Sent, static sent => sent.Packet.Kind == PacketKind.Goodbye);
    }

    [Fact]
    public void Goodbye_ForgedByAnother_IsTakenBack()
    {
        var one = _wire.Add(1);
        var two = _wire.Add(2);
        _wire.Run(5);

        _wire.Inject(StrangerMessage.Response(two.Engine.Instance.Labels[0], ttl: 0));
        _wire.Run(30);

        Assert.Equal(TestPeers.Create(2), one.HolderOf("10.0.0.2"));
    }

    [Fact]
    public void Addresses_Change_AreToldWithinASecond()
    {
        var one = _wire.Add(1);
        var two = _wire.Add(2);
        _wire.Run(20);

        two.Engine.SetLinks(
            [two.Link with { Addresses = [new LinkAddress(VirtualIp.Parse("198.18.0.99"), IpPrefix.Parse("198.18.0.0/24"))] }], _wire.Now);
        _wire.Run(1.1);

        Assert.Equal(["/ip4/198.18.0.99/tcp/4001"], Assert.Single(one.Engine.Peers.Mappings).Addresses);
    }

    [Fact]
    public void VirtualIp_Changes_IsToldWithinASecondAndTheOldIsFree()
    {
        var one = _wire.Add(1);
        var two = _wire.Add(2);
        _wire.Run(20);

        two.Engine.Announce([IpPrefix.Parse("10.0.0.77")], _wire.Now);
        _wire.Run(1.1);

        Assert.Equal(TestPeers.Create(2), one.HolderOf("10.0.0.77"));
        Assert.Null(one.HolderOf("10.0.0.2"));
    }

    [Fact]
    public void Link_Goes_TakesItsPeersWithIt()
    {
        var one = _wire.Add(1);
        _wire.Add(2);
        _wire.Run(5);

        one.Engine.SetLinks([], _wire.Now);

        Assert.Empty(one.Engine.Peers.Mappings);
        Assert.Null(one.Engine.Advance(_wire.Now, []));
    }

    [Fact]
    public void Query_ThatKnowsUs_IsNotAnswered()
    {
        var one = _wire.Add(1);
        _wire.Run(10);
        var before = one.Counters.Received;
        _wire.Sent.Clear();

        _wire.Inject(StrangerMessage.Query((one.Engine.Instance, 100)));
        _wire.Run(1);
        var afterKnown = _wire.Sent.Count;
        _wire.Inject(StrangerMessage.Query((one.Engine.Instance, 30)));
        _wire.Run(1);

        Assert.Equal(0, afterKnown);
        Assert.Equal(PacketKind.Response, Assert.Single(_wire.Sent).Packet.Kind);
        Assert.Equal(before + 3, one.Counters.Received);
    }

    [Fact]
    public void Query_AThousandTimes_IsAnsweredOnceASecond()
    {
        _wire.Add(1);
        _wire.Run(10);
        _wire.Sent.Clear();

        for (var i = 0; i < 1000; i++)
        {
            _wire.Inject(StrangerMessage.Query(), $"198.18.0.{i % 200}");
            _wire.Run(0.01);
        }

        Assert.InRange(_wire.Sent.Count(static sent => sent.Packet.Kind == PacketKind.Response), 5, 11);
    }

    [Fact]
    public void Announcement_MoreAddressesThanFit_KeepsToOneFrame()
    {
        var options = new MdnsOptions { MaxAddressesPerPeer = 64 };
        var one = _wire.Add(1, options: options);
        var two = _wire.Add(2, options: options, isTelling: false);
        two.Engine.SetLinks([two.Link with { Addresses = [.. Enumerable.Range(100, 60).Select(static i => new LinkAddress(VirtualIp.Parse($"198.18.0.{i}"), IpPrefix.Parse("198.18.0.0/24")))] }], _wire.Now);
        two.Engine.Announce([IpPrefix.Parse("10.0.0.2")], _wire.Now);

        _wire.Run(1);

        Assert.All(_wire.Sent, static sent => Assert.InRange(sent.Packet.Packet.Length, 1, 1440));
        Assert.InRange(Assert.Single(one.Engine.Peers.Mappings).Addresses.Count, 8, 20);
    }

    // js-libp2p writes them so.
    [Fact]
    public void Response_OneRecordAnAddress_HasAllAddresses()
    {
        var one = _wire.Add(1);
        var instance = MdnsProtocol.Service.Prepend("js");

        _wire.Inject(DnsMessageWriter.Write(new DnsMessage
        {
            IsResponse = true,
            Answers = [DnsRecord.Ptr(MdnsProtocol.Service, 120, instance)],
            Additionals =
            [
                DnsRecord.Txt(instance, 120, [Encoding.ASCII.GetBytes($"dnsaddr=/ip4/198.18.0.9/tcp/1/p2p/{TestPeers.Create(9)}")]),
                DnsRecord.Txt(instance, 120, [Encoding.ASCII.GetBytes($"dnsaddr=/ip4/198.18.0.9/tcp/2/p2p/{TestPeers.Create(9)}")]),
            ],
        }));

        Assert.Equal(["/ip4/198.18.0.9/tcp/1", "/ip4/198.18.0.9/tcp/2"], Assert.Single(one.Engine.Peers.Mappings).Addresses);
    }
}
