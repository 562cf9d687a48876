using SubnetVpn.Discovery.Mdns;
using SubnetVpn.Discovery.Mdns.Diagnostics;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

public sealed class MdnsHostileTests
{
    private readonly MdnsWire _wire = new();
    private readonly RecordingLogger _logger = new();

    [Fact]
    public void Address_ClaimedByTwo_StaysWithTheFirstUntilItGoes()
    {
        var one = _wire.Add(1, logger: _logger);
        var two = _wire.Add(2);
        _wire.Run(5);
        var thief = _wire.Add(3);
        thief.Engine.Announce([IpPrefix.Parse("10.0.0.2")], _wire.Now);

        _wire.Run(100);
        var during = one.HolderOf("10.0.0.2");
        _wire.Leave(two);
        _wire.Run(2);

        Assert.Equal(TestPeers.Create(2), during);
        Assert.Equal(TestPeers.Create(3), one.HolderOf("10.0.0.2"));
        Assert.Equal(1, one.Counters.Of(RefusalReason.Conflict));
        var logged = Assert.Single(_logger.Messages);
        Assert.Contains("10.0.0.2", logged, StringComparison.Ordinal);
        Assert.Contains(TestPeers.Create(3).ToString(), logged, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_OfOurs_IsCountedAndLeftToTheHost()
    {
        var one = _wire.Add(1);
        var thief = _wire.Add(3);
        thief.Engine.Announce([IpPrefix.Parse("10.0.0.1"), IpPrefix.Parse("10.0.0.3")], _wire.Now);

        _wire.Run(100);

        Assert.Equal(TestPeers.Create(3), one.HolderOf("10.0.0.1"));
        Assert.Equal(TestPeers.Create(3), one.HolderOf("10.0.0.3"));
        Assert.True(one.Counters.Of(RefusalReason.OwnAddress) > 0);
    }

    [Theory]
    [InlineData("192.168.7.0/24", false, null)]
    [InlineData("192.168.7.0/24", true, "192.168.7.9")]
    [InlineData("10.0.0.0/25", true, null)]
    [InlineData("10.0.0.0/8", true, null)]
    [InlineData("0.0.0.0/0", true, null)]
    [InlineData("10.9.0.9", false, null)]
    public void Route_Claimed_IsBelievedOnlyWhereAsked(string claim, bool acceptRoutes, string? reachable)
    {
        var one = _wire.Add(1, options: new MdnsOptions { AcceptRoutes = acceptRoutes });
        var two = _wire.Add(2);
        two.Engine.Announce([IpPrefix.Parse("10.0.0.2"), IpPrefix.Parse(claim)], _wire.Now);

        _wire.Run(1);

        Assert.Equal(TestPeers.Create(2), one.HolderOf("10.0.0.2"));
        Assert.Equal(reachable is null ? 1 : 2, Assert.Single(one.Engine.Peers.Mappings).Prefixes.Count);
        Assert.Equal(reachable is null, one.Counters.Of(RefusalReason.ForeignClaim) > 0);
        if (reachable is not null)
            Assert.Equal(TestPeers.Create(2), one.HolderOf(reachable));
    }

    [Theory]
    [InlineData("/ip4/203.0.113.9/tcp/25", true)]
    [InlineData("/ip6/2001:db8::9/tcp/25", true)]
    [InlineData("/ip4/127.0.0.1/tcp/25", false)]
    [InlineData("/ip4/0.0.0.0/tcp/25", false)]
    [InlineData("/ip4/224.0.0.251/tcp/25", false)]
    [InlineData("/ip4/255.255.255.255/tcp/25", false)]
    [InlineData("/ip6/fe80::9/tcp/25", false)]
    [InlineData("/ip6/::1/tcp/25", false)]
    [InlineData("/dns4/victim.example/tcp/25", false)]
    [InlineData("/ip4/198.18.0.9/tcp/4001/p2p/RELAY/p2p-circuit", false)]
    [InlineData("/ip4/198.18.0.9", false)]
    [InlineData("/ip4/198.18.0.9/tcp/ 1", false)]
    public void Address_ThatIsNoneOfTheLink_IsNotDialled(string address, bool isOffLink)
    {
        var one = _wire.Add(1);

        _wire.Inject(StrangerMessage.Response(
            "stranger", 120, $"dnsaddr=/ip4/198.18.0.9/tcp/4001/p2p/{TestPeers.Create(9)}", $"dnsaddr={address.Replace("RELAY", TestPeers.Create(8).ToString(), StringComparison.Ordinal)}/p2p/{TestPeers.Create(9)}"));

        Assert.Equal(["/ip4/198.18.0.9/tcp/4001"], Assert.Single(one.Engine.Peers.Mappings).Addresses);
        Assert.Equal(1, one.Counters.Of(isOffLink ? RefusalReason.OffLink : RefusalReason.BadAddress));
    }

    [Fact]
    public void Addresses_OfTwoPeersInOneRecord_AreTheFirsts()
    {
        var one = _wire.Add(1);

        _wire.Inject(StrangerMessage.Response(
            "stranger", 120, $"dnsaddr=/ip4/198.18.0.9/tcp/1/p2p/{TestPeers.Create(9)}", $"dnsaddr=/ip4/198.18.0.8/tcp/1/p2p/{TestPeers.Create(8)}"));

        Assert.Equal(TestPeers.Create(9), Assert.Single(one.Engine.Peers.Mappings).Peer);
        Assert.Equal(1, one.Counters.Of(RefusalReason.BadAddress));
    }

    [Theory]
    [InlineData("subnetvpn=default")]
    [InlineData("subnetvpn=;10.0.0.9")]
    [InlineData("subnetvpn=default;10.0.0.9,nonsense")]
    [InlineData("subnetvpn=default;1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9")]
    public void Claim_ThatIsNone_IsCountedAndNotBelieved(string claim)
    {
        var one = _wire.Add(1);

        _wire.Inject(StrangerMessage.Response("stranger", 120, $"dnsaddr=/p2p/{TestPeers.Create(9)}", claim));

        Assert.Empty(Assert.Single(one.Engine.Peers.Mappings).Prefixes);
        Assert.Equal(1, one.Counters.Of(RefusalReason.BadClaim));
    }

    [Fact]
    public void Peer_ThatOnlyDials_IsMappedWithoutAddress()
    {
        var one = _wire.Add(1);

        _wire.Inject(StrangerMessage.Response("dialler", 120, $"dnsaddr=/p2p/{TestPeers.Create(9)}", "subnetvpn=default;10.0.0.9,fd00::9"));

        Assert.Equal(TestPeers.Create(9), one.HolderOf("10.0.0.9"));
        Assert.Equal(TestPeers.Create(9), one.HolderOf("fd00::9"));
        Assert.Empty(Assert.Single(one.Engine.Peers.Mappings).Addresses);
    }

    [Fact]
    public void Flood_OfPeers_LeavesThoseThatWereThere()
    {
        var one = _wire.Add(1, options: new MdnsOptions { MaxPeers = 10 });
        _wire.Add(2);
        _wire.Run(5);

        for (var i = 100; i < 600; i++)
        {
            _wire.Inject(StrangerMessage.Response($"s{i}", 1_000_000, $"dnsaddr=/p2p/{TestPeers.Create(i)}"), $"198.18.{i % 200}.1");
            _wire.Run(0.05);
        }
        _wire.Run(120);

        Assert.Equal(TestPeers.Create(2), one.HolderOf("10.0.0.2"));
        Assert.Equal(10, one.Engine.Peers.Count);
        Assert.True(one.Counters.Of(RefusalReason.TooManyPeers) >= 400);
        // An hour at most, whatever they say.
        _wire.Run(3700);
        Assert.Equal(1, one.Engine.Peers.Count);
    }

    [Fact]
    public void Flood_OfOneSender_KeepsNobodyElseFromBeingHeard()
    {
        var one = _wire.Add(1);
        _wire.Run(10);

        for (var i = 0; i < 10_000; i++)
            _wire.Inject(StrangerMessage.Query());
        _wire.Inject(StrangerMessage.Response("honest", 120, $"dnsaddr=/p2p/{TestPeers.Create(9)}", "subnetvpn=default;10.0.0.9"), "198.18.0.9");

        Assert.Equal(TestPeers.Create(9), one.HolderOf("10.0.0.9"));
        Assert.Equal(10_000 - RateLimit.PerSender, one.Counters.Of(RefusalReason.RateLimited));
    }

    [Fact]
    public void Flood_OfManySenders_IsReadUpToTheLimitOfTheLink()
    {
        var one = _wire.Add(1);
        _wire.Run(10);
        var before = one.Counters.Received;

        for (var i = 0; i < 10_000; i++)
            _wire.Inject(StrangerMessage.Query(), $"198.18.{i / 250}.{i % 250}");

        Assert.InRange(one.Counters.Received - before, 256, RateLimit.PerLink);
    }

    [Fact]
    public void Sightings_OfOnePeerUnderManyNames_AreBounded()
    {
        var one = _wire.Add(1);

        for (var i = 0; i < 200; i++)
        {
            _wire.Inject(StrangerMessage.Response($"n{i}", 120, $"dnsaddr=/ip4/198.18.0.{i}/tcp/1/p2p/{TestPeers.Create(9)}", $"subnetvpn=default;10.0.0.{i}"));
            _wire.Run(0.03);
        }

        var mapping = Assert.Single(one.Engine.Peers.Mappings);
        Assert.Equal((8, 16), (mapping.Prefixes.Count, mapping.Addresses.Count));
        Assert.Equal("/ip4/198.18.0.199/tcp/1", mapping.Addresses[0]);
    }

    [Fact]
    public void Garbage_IsCountedAndNothingElse()
    {
        var one = _wire.Add(1);
        var random = new Random(3);

        for (var i = 0; i < 20_000; i++)
        {
            var packet = i % 2 == 0
                ? new byte[random.Next(300)]
                : StrangerMessage.Response("stranger", 120, $"dnsaddr=/ip4/198.18.0.9/tcp/4001/p2p/{TestPeers.Create(9)}", "subnetvpn=default;10.0.0.9,fd00::9");
            for (var flips = i % 2 == 0 ? packet.Length : 3; flips > 0; flips--)
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            _wire.Inject(packet);
            _wire.Run(0.03);
        }

        Assert.True(one.Counters.Of(RefusalReason.Malformed) > 5_000);
        Assert.All(one.Engine.Peers.Mappings, static mapping => Assert.All(mapping.Prefixes, static prefix => Assert.True(prefix.IsSingleAddress)));
    }
}
