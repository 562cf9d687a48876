using System.Net;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Routing;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

public class RoutingTableTests
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(5);

    private readonly MemoryNetwork _ids = new(seed: 2);
    private readonly ManualTimeProvider _time = new();
    private readonly PeerId _self;
    private readonly RoutingTable _table;

    public RoutingTableTests()
    {
        _self = _ids.NewId();
        _table = new RoutingTable(_self, new KademliaLimits { MaxPeersPerPrefix = 5, MaxPeersPerPrefixAndBucket = 3 }, s_grace, _time);
    }

    /// <summary>A peer whose key shares exactly that many bits with ours.</summary>
    private KademliaPeer PeerAt(int depth)
    {
        PeerId id;
        do
        {
            id = _ids.NewId();
        }
        while (KademliaKey.Of(_self.Bytes).CommonPrefix(KademliaKey.Of(id.Bytes)) != depth);
        return new KademliaPeer(id, []);
    }

    private RoutingOutcome See(KademliaPeer peer, string? remote = null) => _table.Seen(peer, remote is null ? null : IPAddress.Parse(remote), out _);

    private List<KademliaPeer> Fill(int depth)
    {
        List<KademliaPeer> peers = [.. Enumerable.Range(0, KademliaConstants.K).Select(_ => PeerAt(depth))];
        Assert.All(peers, peer => Assert.Equal(RoutingOutcome.Added, See(peer)));
        return peers;
    }

    [Fact]
    public void Seen_Self_IsNotTaken()
    {
        Assert.Equal(RoutingOutcome.Self, See(new KademliaPeer(_self, [])));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Seen_Again_TakesItsNewAddressesButNotTheirAbsence()
    {
        KademliaPeer peer = PeerAt(0) with { Addresses = [MemoryNetwork.AddressOf(1)] };
        KademliaPeer moved = peer with { Addresses = [MemoryNetwork.AddressOf(2)] };

        Assert.Equal(RoutingOutcome.Added, See(peer));
        Assert.Equal(RoutingOutcome.Refreshed, See(moved));
        Assert.Equal(RoutingOutcome.Refreshed, See(peer with { Addresses = [] }));

        Assert.Equal(moved.Addresses, _table.Find(peer.Id)!.Addresses);
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Seen_BucketFullOfLivePeers_NewcomerWaitsAndNobodyIsQuestioned()
    {
        Fill(0);

        RoutingOutcome outcome = _table.Seen(PeerAt(0), null, out KademliaPeer? toCheck);

        Assert.Equal(RoutingOutcome.Waiting, outcome);
        Assert.Null(toCheck);
        Assert.Equal(RoutingOutcome.Added, See(PeerAt(1)));
    }

    [Fact]
    public void Seen_BucketFullAndOldestSilent_OldestIsQuestionedOnce()
    {
        List<KademliaPeer> peers = Fill(0);
        _time.Advance(s_grace);
        See(peers[0]);

        _table.Seen(PeerAt(0), null, out KademliaPeer? first);
        _table.Seen(PeerAt(0), null, out KademliaPeer? second);

        Assert.Equal(peers[1].Id, first!.Id);
        Assert.Equal(peers[2].Id, second!.Id);
    }

    [Fact]
    public void Failed_Twice_NewestThatWaitsTakesThePlace()
    {
        List<KademliaPeer> peers = Fill(0);
        KademliaPeer older = PeerAt(0);
        KademliaPeer newer = PeerAt(0);
        See(older);
        See(newer);

        _table.Failed(peers[3].Id);
        Assert.NotNull(_table.Find(peers[3].Id));
        _table.Failed(peers[3].Id);

        Assert.Null(_table.Find(peers[3].Id));
        Assert.NotNull(_table.Find(newer.Id));
        Assert.Null(_table.Find(older.Id));
        Assert.Equal(KademliaConstants.K, _table.Count);
    }

    [Fact]
    public void Failed_SeenBetween_KeepsItsPlace()
    {
        KademliaPeer peer = PeerAt(0);
        See(peer);

        _table.Failed(peer.Id);
        See(peer);
        _table.Failed(peer.Id);

        Assert.NotNull(_table.Find(peer.Id));
    }

    [Fact]
    public void Remove_IsGoneAtOnceAndDoesNotWaitEither()
    {
        List<KademliaPeer> peers = Fill(0);
        KademliaPeer waiting = PeerAt(0);
        See(waiting);

        _table.Remove(waiting.Id);
        _table.Remove(peers[0].Id);

        Assert.Equal(KademliaConstants.K - 1, _table.Count);
        Assert.Null(_table.Find(waiting.Id));
    }

    [Fact]
    public void Seen_ManyOfOnePublicNetwork_AreLimitedInBucketAndTable()
    {
        Assert.All(Enumerable.Range(0, 3), index => Assert.Equal(RoutingOutcome.Added, See(PeerAt(0), $"203.0.113.{index}")));
        Assert.Equal(RoutingOutcome.PrefixLimit, See(PeerAt(0), "203.0.113.9"));
        Assert.All(Enumerable.Range(0, 2), index => Assert.Equal(RoutingOutcome.Added, See(PeerAt(1), $"203.0.113.{index}")));
        Assert.Equal(RoutingOutcome.PrefixLimit, See(PeerAt(1), "203.0.113.10"));
        Assert.Equal(RoutingOutcome.Added, See(PeerAt(1), "203.0.114.1"));
        Assert.Equal(RoutingOutcome.Added, See(PeerAt(0), "2001:db8:1::1"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.0.4")]
    [InlineData("172.20.0.4")]
    [InlineData("100.64.0.1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:10.0.0.1")]
    public void Seen_ManyOfOnePrivateNetwork_AreNotLimited(string address) =>
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(RoutingOutcome.Added, See(PeerAt(0), address)));

    [Fact]
    public void Closest_IsSortedByDistanceAndLeavesOutWhoAsks()
    {
        KademliaPeer[] peers = [.. Enumerable.Range(0, 30).Select(_ => new KademliaPeer(_ids.NewId(), []))];
        Array.ForEach(peers, peer => See(peer));
        KademliaKey target = KademliaKey.Of(_ids.NewId().Bytes);
        PeerId[] expected = [.. peers.Where(peer => _table.Find(peer.Id) is not null).Select(peer => peer.Id).OrderBy(id => KademliaKey.Of(id.Bytes).DistanceTo(target))];

        Assert.Equal(expected.Take(7), _table.Closest(target, 7).Select(peer => peer.Id));
        Assert.Equal(expected.Skip(1).Take(7), _table.Closest(target, 7, except: expected[0]).Select(peer => peer.Id));
    }

    [Fact]
    public void NotSeenFor_TellsTheLongestSilentFirst()
    {
        KademliaPeer first = PeerAt(0);
        KademliaPeer second = PeerAt(3);
        See(first);
        _time.Advance(TimeSpan.FromMinutes(1));
        See(second);
        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal([first.Id], _table.NotSeenFor(TimeSpan.FromMinutes(5), 10).Select(peer => peer.Id));
        Assert.Equal([first.Id, second.Id], _table.NotSeenFor(TimeSpan.FromMinutes(4), 10).Select(peer => peer.Id));
    }
}
