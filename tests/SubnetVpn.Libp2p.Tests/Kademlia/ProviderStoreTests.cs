using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Storage;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

public class ProviderStoreTests
{
    private readonly MemoryNetwork _ids = new(seed: 6);
    private readonly ManualTimeProvider _time = new();

    private ProviderStore New(KademliaLimits? limits = null) => new(_ids.NewId(), limits ?? new KademliaLimits(), TimeSpan.FromHours(48), _time);

    private KademliaPeer NewPeer(PeerId? id = null) => new(id ?? _ids.NewId(), [MemoryNetwork.AddressOf(1)]);

    private static byte[] Key(int number) => [0x12, 0x20, .. new byte[31], (byte)number];

    [Fact]
    public void Get_TellsTheLatestFirstAndNotMoreThanAsked()
    {
        ProviderStore store = New();
        KademliaPeer first = NewPeer();
        KademliaPeer second = NewPeer();
        store.Add(Key(1), first);
        _time.Advance(TimeSpan.FromSeconds(1));
        store.Add(Key(1), second);

        Assert.Equal([second, first], store.Get(Key(1), 20));
        Assert.Equal([second], store.Get(Key(1), 1));
        Assert.Empty(store.Get(Key(2), 20));
    }

    [Fact]
    public void Get_AfterItsLifetime_IsGoneUnlessRenewed()
    {
        ProviderStore store = New();
        KademliaPeer renewed = NewPeer();
        store.Add(Key(1), renewed);
        store.Add(Key(1), NewPeer());
        _time.Advance(TimeSpan.FromHours(22));
        store.Add(Key(1), renewed);
        _time.Advance(TimeSpan.FromHours(26));

        Assert.Equal([renewed], store.Get(Key(1), 20));
        store.RemoveExpired();
        Assert.Equal(1, store.Count);
        _time.Advance(TimeSpan.FromHours(22));
        store.RemoveExpired();
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void Add_FloodOfOnePeer_EndsAtItsQuota()
    {
        ProviderStore store = New(new KademliaLimits { MaxProvidersPerPeer = 10 });
        KademliaPeer flooder = NewPeer();

        Assert.All(Enumerable.Range(0, 10), index => Assert.Equal(KademliaRefusal.None, store.Add(Key(index), flooder)));

        Assert.Equal(KademliaRefusal.PeerQuota, store.Add(Key(10), flooder));
        Assert.Equal(KademliaRefusal.None, store.Add(Key(0), flooder));
        Assert.Equal(KademliaRefusal.None, store.Add(Key(10), NewPeer()));
    }

    [Fact]
    public void Add_FloodOfManyPeers_EndsAtEachLimit()
    {
        ProviderStore perKey = New(new KademliaLimits { MaxProvidersPerKey = 5 });
        ProviderStore inAll = New(new KademliaLimits { MaxProviders = 7 });
        ProviderStore bytes = New(new KademliaLimits { MaxProviderBytes = 4096 });

        foreach (int index in Enumerable.Range(0, 100))
        {
            perKey.Add(Key(1), NewPeer());
            inAll.Add(Key(index), NewPeer());
            bytes.Add(Key(index), NewPeer());
        }

        Assert.Equal(5, perKey.Count);
        Assert.Equal(7, inAll.Count);
        Assert.InRange(bytes.Count, 1, 8);
        Assert.Equal(KademliaRefusal.StoreFull, perKey.Add(Key(1), NewPeer()));
        Assert.Equal(KademliaRefusal.StoreFull, inAll.Add(Key(1), NewPeer()));
        Assert.Equal(KademliaRefusal.StoreFull, bytes.Add(Key(200), NewPeer()));
    }
}
