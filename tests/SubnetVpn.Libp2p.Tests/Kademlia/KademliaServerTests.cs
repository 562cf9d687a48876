using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Serving;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

public class KademliaServerTests
{
    private readonly MemoryNetwork _network = new(seed: 8);
    private readonly KademliaNode _node;
    private readonly PeerId _asker;

    public KademliaServerTests()
    {
        _node = _network.Add();
        _asker = _network.NewId();
    }

    private static KademliaMessage Put(byte[] key, KademliaRecord? record) => new(KademliaMessageType.PutValue, key) { Record = record };

    private void AssertRefused(KademliaRefusal expected, KademliaMessage request)
    {
        long before = _node.Counters.Refusals.Snapshot().GetValueOrDefault(expected);

        KademliaAnswer answer = _node.Serve(_asker, request);

        Assert.Equal(expected, answer.Refusal);
        Assert.Null(answer.Reply);
        Assert.Equal(before + 1, _node.Counters.Refusals.Snapshot()[expected]);
    }

    [Fact]
    public void Serve_FindNode_TellsTwentyNearestWithoutTheAskerAndWithTheTarget()
    {
        KademliaPeer[] peers = [.. Enumerable.Range(0, 40).Select(index => new KademliaPeer(_network.NewId(), [MemoryNetwork.AddressOf(index)]))];
        Array.ForEach(peers, peer => _node.PeerSeen(peer, null));
        _node.PeerSeen(new KademliaPeer(_asker, [MemoryNetwork.AddressOf(50)]), null);
        PeerId target = peers.First(peer => _node.Table.Find(peer.Id) is not null).Id;

        KademliaMessage reply = _node.Serve(_asker, new KademliaMessage(KademliaMessageType.FindNode, target.Bytes.ToArray())).Reply!;

        Assert.Equal(20, reply.CloserPeers.Count);
        Assert.Equal(target, reply.CloserPeers[0].Id);
        Assert.DoesNotContain(reply.CloserPeers, peer => peer.Id == _asker);
    }

    [Fact]
    public void Serve_PutThenGet_HasTheValueAndWhenItCame()
    {
        byte[] key = NumberValidator.Key("a");
        var record = new KademliaRecord(key, NumberValidator.Value(7));

        Assert.Equal(record, _node.Serve(_asker, Put(key, record)).Reply!.Record);
        KademliaRecord held = _node.Serve(_asker, new KademliaMessage(KademliaMessageType.GetValue, key)).Reply!.Record!;

        Assert.Equal(7, NumberValidator.Number(held.Value));
        Assert.Equal("2030-01-01T00:00:00.0000000Z", held.TimeReceived);
    }

    [Fact]
    public void Serve_Ping_IsAnswered() =>
        Assert.Equal(KademliaMessageType.Ping, _node.Serve(_asker, new KademliaMessage(KademliaMessageType.Ping, default)).Reply!.Type);

    [Fact]
    public void Serve_WithoutAKey_IsRefused()
    {
        foreach (KademliaMessageType type in Enum.GetValues<KademliaMessageType>().Where(type => type != KademliaMessageType.Ping))
        {
            AssertRefused(KademliaRefusal.WrongKey, new KademliaMessage(type, default));
        }
    }

    [Fact]
    public void Serve_BadPut_IsRefusedAndCounted()
    {
        byte[] key = NumberValidator.Key("a");
        _node.Serve(_asker, Put(key, new KademliaRecord(key, NumberValidator.Value(7))));

        AssertRefused(KademliaRefusal.NothingToStore, Put(key, null));
        AssertRefused(KademliaRefusal.NothingToStore, Put(key, new KademliaRecord(key, default)));
        AssertRefused(KademliaRefusal.WrongKey, Put(key, new KademliaRecord(NumberValidator.Key("b"), NumberValidator.Value(7))));
        AssertRefused(KademliaRefusal.InvalidRecord, Put(key, new KademliaRecord(key, "x"u8.ToArray())));
        AssertRefused(KademliaRefusal.StaleRecord, Put(key, new KademliaRecord(key, NumberValidator.Value(6))));
        AssertRefused(KademliaRefusal.UnknownNamespace, Put("/x/y"u8.ToArray(), new KademliaRecord("/x/y"u8.ToArray(), NumberValidator.Value(6))));
        Assert.Equal(1, _node.Records.Count);
    }

    [Fact]
    public void Serve_FloodOfPuts_EndsAtTheQuotaOfThePeer()
    {
        for (int index = 0; index < 1000; index++)
        {
            byte[] key = NumberValidator.Key($"{index}");
            _node.Serve(_asker, Put(key, new KademliaRecord(key, NumberValidator.Value(1))));
        }

        Assert.Equal(new KademliaLimits().MaxRecordsPerPeer, _node.Records.Count);
        Assert.Equal(1000 - new KademliaLimits().MaxRecordsPerPeer, _node.Counters.Refusals.Snapshot()[KademliaRefusal.PeerQuota]);
    }

    [Fact]
    public void Serve_BadAddProvider_IsRefusedAndCounted()
    {
        byte[] key = [0x12, 0x20, .. new byte[32]];
        var add = new KademliaMessage(KademliaMessageType.AddProvider, key);
        var self = new KademliaPeer(_asker, [MemoryNetwork.AddressOf(1)]);

        AssertRefused(KademliaRefusal.NothingToStore, add);
        AssertRefused(KademliaRefusal.ForeignProvider, add with { ProviderPeers = [self with { Id = _network.NewId() }] });
        AssertRefused(KademliaRefusal.NoAddress, add with { ProviderPeers = [self with { Addresses = [] }] });
        AssertRefused(KademliaRefusal.TooLarge, add with { Key = new byte[81], ProviderPeers = [self] });
        Assert.Equal(0, _node.Providers.Count);

        Assert.Equal(new KademliaAnswer(null, KademliaRefusal.None), _node.Serve(_asker, add with { ProviderPeers = [self] }));
        Assert.Equal(_asker, Assert.Single(_node.Serve(_asker, new KademliaMessage(KademliaMessageType.GetProviders, key)).Reply!.ProviderPeers).Id);
    }

    [Fact]
    public void RequestGate_FloodOfOnePeer_IsSlowedToItsRate()
    {
        var gate = new RequestGate(new KademliaLimits { RequestBurst = 10, RequestsPerSecond = 2, MaxStreamsPerPeer = 2, MaxStreams = 3 }, _network.Time);
        PeerId other = _network.NewId();

        Assert.True(gate.TryEnter(_asker));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => gate.TryRequest(_asker)));
        _network.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(6, Enumerable.Range(0, 100).Count(_ => gate.TryRequest(_asker)));

        Assert.True(gate.TryEnter(_asker));
        Assert.False(gate.TryEnter(_asker));
        Assert.True(gate.TryEnter(other));
        Assert.False(gate.TryEnter(_network.NewId()));
        gate.Leave(_asker);
        Assert.True(gate.TryEnter(_network.NewId()));
        Assert.True(gate.TryRequest(other));
    }
}
