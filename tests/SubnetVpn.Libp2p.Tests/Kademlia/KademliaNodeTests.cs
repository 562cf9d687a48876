using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Kademlia.Wire;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

public class KademliaNodeTests
{
    private readonly MemoryNetwork _network = new(seed: 7);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<KademliaNode> ClientAsync(Action<KademliaOptions>? configure = null)
    {
        KademliaNode client = _network.Add(isServer: false, configure, bootstrap: _network.Ids[0]);
        Assert.True(await client.BootstrapAsync(Token));
        return client;
    }

    private List<KademliaNode> Holders(byte[] key) =>
        [.. _network.Ids.Where(id => _network[id].Records.Get(key) is not null).Select(id => _network[id])];

    private List<PeerId> Nearest(byte[] key, int count) =>
        [.. _network.Ids.Where(id => _network[id].IsServer).OrderBy(id => KademliaKey.Of(id.Bytes).DistanceTo(KademliaKey.Of(key))).Take(count)];

    [Fact]
    public async Task Bootstrap_NobodyAnswers_IsFalse()
    {
        KademliaNode node = _network.Add(configure: options => options.Bootstrap = [MemoryNetwork.AddressOf(9).WithPeerId(_network.NewId())]);

        Assert.False(await node.BootstrapAsync(Token));
        Assert.Empty((await node.GetValueAsync(NumberValidator.Key("a"), 0, Token)).Values);
        Assert.Equal(1, node.Counters.Requests.Snapshot()[RequestFailure.Unreachable]);
    }

    [Fact]
    public async Task Bootstrap_Client_IsInNobodysTable()
    {
        await _network.GrowAsync(30);
        KademliaNode client = await ClientAsync();
        PeerId id = _network.Ids[^1];

        await client.RefreshAsync(Token);

        Assert.True(client.Table.Count >= 20);
        Assert.All(_network.Ids, other => Assert.Null(_network[other].Table.Find(id)));
        Assert.Null(await _network[_network.Ids[3]].FindPeerAsync(id, Token));
    }

    [Fact]
    public async Task FindPeer_Server_TellsWhereItCanBeDialled()
    {
        await _network.GrowAsync(200);
        KademliaNode client = await ClientAsync();

        foreach (int index in (int[])[1, 57, 123, 199])
        {
            KademliaPeer? found = await client.FindPeerAsync(_network.Ids[index], Token);
            Assert.Equal(MemoryNetwork.AddressOf(index), Assert.Single(found!.Addresses));
        }
    }

    [Fact]
    public async Task PutValue_IsHeldByTheNearestAndFoundByAll()
    {
        await _network.GrowAsync(100);
        KademliaNode client = await ClientAsync();
        byte[] key = NumberValidator.Key("a");

        Assert.Equal(20, await client.PutValueAsync(key, NumberValidator.Value(7), Token));

        Assert.All(Nearest(key, 20), id => Assert.NotNull(_network[id].Records.Get(key)));
        Assert.Equal(21, Holders(key).Count);
        KademliaNode other = await ClientAsync();
        FoundValue found = await other.GetValueAsync(key, quorum: 5, Token);
        Assert.Equal(7, NumberValidator.Number(Assert.Single(found.Values)));
        Assert.Equal(5, found.Answers);
    }

    [Fact]
    public async Task PutValue_AloneInTheNetwork_IsKeptByAServerOnly()
    {
        KademliaNode server = _network.Add();
        KademliaNode client = _network.Add(isServer: false);

        Assert.Equal(1, await server.PutValueAsync(NumberValidator.Key("a"), NumberValidator.Value(7), Token));
        Assert.Equal(0, await client.PutValueAsync(NumberValidator.Key("a"), NumberValidator.Value(7), Token));
    }

    [Theory]
    [InlineData("/number/a", "x")]
    [InlineData("/other/a", "1")]
    [InlineData("/number/a", "")]
    [InlineData("", "1")]
    public async Task PutValue_WhatNobodyWouldTake_Throws(string key, string value)
    {
        KademliaNode node = _network.Add();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => node.PutValueAsync(
            System.Text.Encoding.UTF8.GetBytes(key), System.Text.Encoding.UTF8.GetBytes(value), Token));
    }

    [Fact]
    public async Task GetValue_SomeHoldAnOlderOne_FindsTheNewestAndCorrectsThem()
    {
        await _network.GrowAsync(60);
        byte[] key = NumberValidator.Key("a");
        List<PeerId> nearest = Nearest(key, 20);
        foreach ((PeerId id, int index) in nearest.Select((id, index) => (id, index)))
        {
            if (index % 3 != 2)
            {
                Assert.Equal(KademliaRefusal.None, _network[id].Records.Put(key, NumberValidator.Value(index == 13 ? 9 : 8), nearest[0]));
            }
        }

        KademliaNode client = await ClientAsync();
        FoundValue found = await client.GetValueAsync(key, quorum: 0, Token);
        await _network.SettleAsync();

        Assert.Equal([9, 8], found.Values.Select(NumberValidator.Number));
        Assert.All(nearest, id => Assert.Equal(9, NumberValidator.Number(_network[id].Records.Get(key)!.Value)));
        Assert.Equal(19, client.Counters.Corrected);
    }

    [Fact]
    public async Task GetValue_PeersLie_AreRefusedAndCounted()
    {
        await _network.GrowAsync(40);
        byte[] key = NumberValidator.Key("a");
        KademliaNode client = await ClientAsync();
        await client.PutValueAsync(key, NumberValidator.Value(7), Token);
        KademliaNode reader = await ClientAsync();
        HashSet<PeerId> liars = [.. Nearest(key, 6)];
        _network.Tamper = (from, reply) => reply.Type != KademliaMessageType.GetValue || !liars.Contains(from) ? reply : reply with
        {
            Record = liars.First() == from
                ? new KademliaRecord(NumberValidator.Key("b"), NumberValidator.Value(100))
                : new KademliaRecord(key, "forged"u8.ToArray()),
        };

        FoundValue found = await reader.GetValueAsync(key, quorum: 0, Token);

        Assert.Equal(7, NumberValidator.Number(Assert.Single(found.Values)));
        Assert.Equal(1, reader.Counters.Refusals.Snapshot()[KademliaRefusal.WrongKey]);
        Assert.Equal(5, reader.Counters.Refusals.Snapshot()[KademliaRefusal.InvalidRecord]);
    }

    [Fact]
    public async Task Lookup_PeersAnswerAnotherQuestion_CountAsFailed()
    {
        await _network.GrowAsync(5);
        KademliaNode client = await ClientAsync();
        _network.Tamper = (_, reply) => new KademliaMessage(KademliaMessageType.Ping, reply.Key);

        LookupResult result = await client.FindClosestAsync(_network.NewId().Bytes.ToArray(), Token);

        Assert.Empty(result.Closest);
        Assert.Equal(5, client.Counters.Refusals.Snapshot()[KademliaRefusal.WrongReply]);
    }

    [Fact]
    public async Task Lookup_PeersInventPeersWithoutEnd_Ends()
    {
        await _network.GrowAsync(5);
        KademliaNode client = await ClientAsync(options => options.MaxRequestsPerLookup = 50);
        _network.Tamper = (_, reply) => reply with
        {
            CloserPeers = [.. Enumerable.Range(0, 20).Select(_ => new KademliaPeer(_network.NewId(), [MemoryNetwork.AddressOf(1)]))],
        };

        LookupResult result = await client.FindClosestAsync(_network.NewId().Bytes.ToArray(), Token);

        Assert.Equal(50, result.Requests);
        Assert.InRange(result.Closest.Count, 1, 5);
    }

    [Fact]
    public async Task Providers_AreFoundWithTheirAddresses()
    {
        await _network.GrowAsync(100);
        byte[] key = [0x12, 0x20, .. new byte[32]];
        Assert.Equal(21, await _network[_network.Ids[10]].ProvideAsync(key, Token));
        await _network[_network.Ids[20]].ProvideAsync(key, Token);
        KademliaNode client = await ClientAsync();

        IReadOnlyList<KademliaPeer> all = await client.FindProvidersAsync(key, 20, Token);
        IReadOnlyList<KademliaPeer> one = await client.FindProvidersAsync(key, 1, Token);

        Assert.Equal([_network.Ids[10], _network.Ids[20]], all.Select(peer => peer.Id).OrderBy(_network.Ids.IndexOf));
        Assert.Equal(MemoryNetwork.AddressOf(20), Assert.Single(all.First(peer => peer.Id == _network.Ids[20]).Addresses));
        Assert.Single(one);
        Assert.Empty(await client.FindProvidersAsync((byte[])[0x12, 0x20, .. new byte[31], 1], 20, Token));
    }

    [Fact]
    public async Task Maintain_PublisherLives_ItsRecordsOutliveTheirLifetime()
    {
        await _network.GrowAsync(8);
        byte[] key = NumberValidator.Key("a");
        byte[] provided = [0x12, 0x20, .. new byte[32]];
        KademliaNode publisher = _network[_network.Ids[4]];
        await publisher.PutValueAsync(key, NumberValidator.Value(7), Token);
        await publisher.ProvideAsync(provided, Token);

        for (int step = 0; step < 50; step++)
        {
            _network.Time.Advance(TimeSpan.FromHours(2));
            foreach (PeerId id in _network.Ids)
            {
                await _network[id].MaintainAsync(Token);
            }
        }

        KademliaNode client = await ClientAsync();
        Assert.Single((await client.GetValueAsync(key, 0, Token)).Values);
        Assert.Single(await client.FindProvidersAsync(provided, 20, Token));
        _network.Down.Add(_network.Ids[4]);
        _network.Time.Advance(TimeSpan.FromHours(48));
        KademliaNode later = await ClientAsync();
        Assert.Empty((await later.GetValueAsync(key, 0, Token)).Values);
        Assert.Empty(await later.FindProvidersAsync(provided, 20, Token));
    }

    [Fact]
    public async Task Maintain_NetworkHasGrown_ItsRecordsGoToTheNewPeersToo()
    {
        await _network.GrowAsync(2);
        byte[] key = NumberValidator.Key("a");
        KademliaNode client = await ClientAsync();
        Assert.Equal(2, await client.PutValueAsync(key, NumberValidator.Value(7), Token));
        await _network.GrowAsync(9);

        // Eight servers, and the client itself.
        _network.Time.Advance(TimeSpan.FromMinutes(10));
        await client.MaintainAsync(Token);
        int asked = _network.Requests;
        await client.MaintainAsync(Token);

        Assert.Equal(9, Holders(key).Count);
        Assert.Equal(asked, _network.Requests);
    }

    [Fact]
    public async Task Maintain_PublishedBeforeAnybodyWasThere_IsStoredSoonAfter()
    {
        KademliaNode publisher = _network.Add();
        byte[] key = NumberValidator.Key("a");
        Assert.Equal(1, await publisher.PutValueAsync(key, NumberValidator.Value(7), Token));

        await _network.GrowAsync(5);
        await publisher.MaintainAsync(Token);

        Assert.Equal(5, Holders(key).Count);
    }

    [Fact]
    public async Task Maintain_BootstrapDiesAndReturns_TheOthersGoOnAndItIsFoundAgain()
    {
        await _network.GrowAsync(1);
        PeerId bootstrap = _network.Ids[0];
        KademliaNode[] nodes = [.. Enumerable.Range(0, 4).Select(_ => _network.Add(bootstrap: bootstrap))];
        Array.ForEach(nodes, static node => Assert.True(new ValueTask<bool>(node.BootstrapAsync(Token)).Now()));
        byte[] key = NumberValidator.Key("a");

        _network.Down.Add(bootstrap);
        for (int minute = 0; minute < 30; minute++)
        {
            _network.Time.Advance(TimeSpan.FromMinutes(1));
            foreach (KademliaNode node in nodes)
            {
                await node.MaintainAsync(Token);
            }
        }

        Assert.Equal(4, await nodes[0].PutValueAsync(key, NumberValidator.Value(7), Token));
        Assert.All(nodes, node => Assert.Null(node.Table.Find(bootstrap)));
        Assert.Single((await nodes[3].GetValueAsync(key, 0, Token)).Values);
        _network.Down.Remove(bootstrap);
        _network.Time.Advance(TimeSpan.FromMinutes(10));
        await nodes[1].MaintainAsync(Token);
        Assert.NotNull(nodes[1].Table.Find(bootstrap));
    }

    [Fact]
    public async Task Maintain_AllWasOut_JoinsAgain()
    {
        await _network.GrowAsync(10);
        KademliaNode client = await ClientAsync();
        _network.Down.UnionWith(_network.Ids.Take(10));
        for (int minute = 0; minute < 30; minute++)
        {
            _network.Time.Advance(TimeSpan.FromMinutes(1));
            await client.MaintainAsync(Token);
        }

        Assert.Equal(0, client.Table.Count);
        _network.Down.Clear();
        await client.MaintainAsync(Token);
        Assert.Equal(10, client.Table.Count);
    }

    [Fact]
    public async Task Lookups_Cancelled_Throw()
    {
        await _network.GrowAsync(5);
        KademliaNode client = await ClientAsync();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetValueAsync(NumberValidator.Key("a"), 0, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PutValueAsync(NumberValidator.Key("a"), NumberValidator.Value(1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.FindProvidersAsync(new byte[34], 1, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.FindPeerAsync(_network.NewId(), cancelled));
        Assert.Equal(5, client.Table.Count);
    }
}
