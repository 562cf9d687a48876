using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Storage;
using SubnetVpn.Libp2p.Kademlia.Validation;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

public class RecordStoreTests
{
    private readonly MemoryNetwork _ids = new(seed: 3);
    private readonly ManualTimeProvider _time = new();
    private readonly RecordValidators _validators = new();
    private readonly PeerId _self;

    public RecordStoreTests()
    {
        _self = _ids.NewId();
        _validators.Add(NumberValidator.Namespace, new NumberValidator());
    }

    private RecordStore New(int maxRecords = 100, long maxBytes = 1_000_000, int maxPerPeer = 100) => new(
        _self, _validators, new KademliaLimits { MaxRecords = maxRecords, MaxRecordBytes = maxBytes, MaxRecordsPerPeer = maxPerPeer }, TimeSpan.FromHours(48), _time);

    private KademliaRefusal Put(RecordStore store, string name, int value, PeerId? from = null) =>
        store.Put(NumberValidator.Key(name), NumberValidator.Value(value), from ?? _ids.NewId());

    private static int? Get(RecordStore store, string name) =>
        store.Get(NumberValidator.Key(name)) is { } record ? NumberValidator.Number(record.Value) : null;

    [Fact]
    public void Put_ValidValue_IsKeptWithItsTime()
    {
        RecordStore store = New();

        Assert.Equal(KademliaRefusal.None, Put(store, "a", 7));

        Assert.Equal(7, Get(store, "a"));
        Assert.Equal(_time.GetUtcNow(), store.Get(NumberValidator.Key("a"))!.ReceivedAt);
    }

    [Theory]
    [InlineData("/number/a", "x", KademliaRefusal.InvalidRecord)]
    [InlineData("/other/a", "1", KademliaRefusal.UnknownNamespace)]
    [InlineData("number", "1", KademliaRefusal.UnknownNamespace)]
    [InlineData("//a", "1", KademliaRefusal.UnknownNamespace)]
    [InlineData("", "1", KademliaRefusal.UnknownNamespace)]
    public void Put_WhatNobodyVouchesFor_IsRefused(string key, string value, KademliaRefusal expected)
    {
        RecordStore store = New();

        Assert.Equal(expected, store.Put(Bytes(key), Bytes(value), _ids.NewId()));

        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void Put_OlderThanWhatIsThere_IsRefused()
    {
        RecordStore store = New();
        Put(store, "a", 7);

        Assert.Equal(KademliaRefusal.StaleRecord, Put(store, "a", 6));
        Assert.Equal(7, Get(store, "a"));
        Assert.Equal(KademliaRefusal.None, Put(store, "a", 8));
        Assert.Equal(8, Get(store, "a"));
    }

    [Fact]
    public void Get_AfterItsLifetime_IsGone()
    {
        RecordStore store = New();
        Put(store, "a", 7);
        _time.Advance(TimeSpan.FromHours(24));
        Put(store, "b", 7);
        Put(store, "a", 7);
        _time.Advance(TimeSpan.FromHours(47));
        Assert.Equal(7, Get(store, "a"));

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(Get(store, "a"));
        Assert.Equal(1, store.Count);
        store.RemoveExpired();
        Assert.Equal(0, store.Count);
        Assert.Equal(0, store.Bytes);
    }

    [Fact]
    public void Get_NotValidAnyMore_IsGoneAndDoesNotStandAgainstAnother()
    {
        RecordStore store = New();
        var validator = new ExpiringValidator();
        _validators.Add("expiring", validator);
        Assert.Equal(KademliaRefusal.None, store.Put(Bytes("/expiring/a"), Bytes("9"), _ids.NewId()));
        validator.Minimum = 10;

        Assert.Null(store.Get(Bytes("/expiring/a")));
        Assert.Equal(KademliaRefusal.None, store.Put(Bytes("/expiring/a"), Bytes("10"), _ids.NewId()));
    }

    [Fact]
    public void Put_FloodOfOnePeer_EndsAtItsQuotaAndItMayStillRenew()
    {
        RecordStore store = New(maxPerPeer: 10);
        PeerId flooder = _ids.NewId();

        int taken = Enumerable.Range(0, 1000).Count(index => Put(store, $"{index}", 1, flooder) == KademliaRefusal.None);

        Assert.Equal(10, taken);
        Assert.Equal(KademliaRefusal.PeerQuota, Put(store, "more", 1, flooder));
        Assert.Equal(KademliaRefusal.None, Put(store, "0", 2, flooder));
        Assert.Equal(KademliaRefusal.None, Put(store, "more", 1));
    }

    [Fact]
    public void Put_FloodOfManyPeers_KeepsTheNearestWithinTheLimit()
    {
        RecordStore store = New(maxRecords: 50);
        string[] names = [.. Enumerable.Range(0, 1000).Select(index => $"{index}")];
        KademliaRefusal[] outcomes = [.. names.Select(name => Put(store, name, 1))];
        KademliaKey self = KademliaKey.Of(_self.Bytes);
        string[] nearest = [.. names.OrderBy(name => KademliaKey.Of(NumberValidator.Key(name)).DistanceTo(self)).Take(50)];

        Assert.Equal(50, store.Count);
        Assert.All(nearest, name => Assert.Equal(1, Get(store, name)));
        Assert.Contains(KademliaRefusal.StoreFull, outcomes);
    }

    [Fact]
    public void Put_BytesBeyondTheLimit_AreNotKept()
    {
        RecordStore store = New(maxRecords: 10_000, maxBytes: 20_000);

        Array.ForEach([.. Enumerable.Range(0, 1000)], index => Put(store, $"{index}", 1));

        Assert.InRange(store.Bytes, 10_000, 20_000);
        Assert.True(store.Count < 100);
    }

    [Fact]
    public void Put_OwnValue_NeedsNoPlaceOfOthersAndIsNotDrivenOut()
    {
        RecordStore store = New(maxRecords: 5);
        Assert.Equal(KademliaRefusal.None, Put(store, "own", 1, _self));

        Array.ForEach([.. Enumerable.Range(0, 200)], index => Put(store, $"{index}", 1));

        Assert.Equal(1, Get(store, "own"));
        Assert.Equal(6, store.Count);
    }

    [Fact]
    public void Put_PublicKey_OnlyUnderItsPeer()
    {
        RecordStore store = New();
        var identity = new TestIdentity();
        byte[] key = [.. "/pk/"u8, .. identity.PeerId.Bytes];

        Assert.Equal(KademliaRefusal.InvalidRecord, store.Put(key, new TestIdentity().PublicKey.ToProtobuf(), identity.PeerId));
        Assert.Equal(KademliaRefusal.InvalidRecord, store.Put("/pk/none"u8.ToArray(), identity.PublicKey.ToProtobuf(), identity.PeerId));
        Assert.Equal(KademliaRefusal.None, store.Put(key, identity.PublicKey.ToProtobuf(), identity.PeerId));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private sealed class ExpiringValidator : IRecordValidator
    {
        public int Minimum { get; set; }

        public bool Validate(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => NumberValidator.Number(value) >= Minimum;

        // The first it was told of, whatever it is.
        public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values) => 0;
    }
}
