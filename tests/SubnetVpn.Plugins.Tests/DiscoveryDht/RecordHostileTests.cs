using Google.Protobuf;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.Discovery.Dht.Records.Wire;
using SubnetVpn.Discovery.Dht.Validation;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

/// <summary>Records that somebody made to harm us.</summary>
public sealed class RecordHostileTests : IAsyncDisposable
{
    private static readonly NetworkKey s_secret = NetworkKey.FromSecret([.. Enumerable.Range(0, 32).Select(static number => (byte)number)]);
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTable _table = new();
    private readonly DhtNode _member;
    private readonly DhtNode _victim;
    private readonly RecordForge _forge;

    public RecordHostileTests()
    {
        _member = new DhtNode(_table, _time, s_secret, address: "10.0.0.2");
        _victim = new DhtNode(_table, _time, s_secret, address: "10.0.0.1");
        _forge = new RecordForge(_member, _time.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        await _member.DisposeAsync();
        await _victim.DisposeAsync();
    }

    [Fact]
    public void TheForge_ChangesNothing_IsBelieved() => Assert.Equal(RecordRefusal.None, Judge(_forge.Make()));

    [Fact]
    public void Record_Hostile_IsRefusedForItsReason()
    {
        using var other = NodeIdentity.Generate();
        var good = _forge.Make();
        var now = _time.GetUtcNow();
        (RecordRefusal Expected, byte[] Value)[] cases =
        [
            (RecordRefusal.Malformed, []),
            (RecordRefusal.Malformed, good[..^1]),
            (RecordRefusal.TooLarge, new byte[RecordLimits.MaxValueLength + 1]),
            (RecordRefusal.UnknownVersion, RecordForge.Tamper(good, static content => content.Version = 2)),
            (RecordRefusal.Malformed, RecordForge.Tamper(good, static content => content.Rank = ByteString.CopyFrom(new byte[32]))),
            (RecordRefusal.Malformed, RecordForge.Tamper(good, static content => content.Nonce = ByteString.Empty)),
            (RecordRefusal.Malformed, RecordForge.Tamper(good, static content => content.Expires = long.MaxValue)),
            (RecordRefusal.Malformed, RecordForge.Tamper(good, static content => content.Issued = long.MinValue)),
            (RecordRefusal.Expired, _forge.Make(header: header => header with { Issued = now.AddHours(-1), Expires = now })),
            (RecordRefusal.FromFuture, _forge.Make(header: header => header with { Issued = now.AddMinutes(6) })),
            (RecordRefusal.BadLifetime, _forge.Make(header: header => header with { Expires = now.AddHours(25) })),
            (RecordRefusal.BadLifetime, _forge.Make(header: header => header with { Issued = now.AddMinutes(2), Expires = now.AddMinutes(1) })),

            // By somebody without the key of the network.
            (RecordRefusal.BadNetworkSignature, RecordForge.Tamper(good, static content => content.Sequence++)),
            (RecordRefusal.BadNetworkSignature, RecordForge.Tamper(good, static content => content.Expires++)),
            (RecordRefusal.BadNetworkSignature, RecordForge.Tamper(good, static content => content.Rank = ByteString.CopyFrom(new byte[33]))),

            // By a member, who can sign for the network and seal, but not sign for another peer.
            (RecordRefusal.Unreadable, _forge.TamperAsMember(good, static content => content.Sequence++)),
            (RecordRefusal.Unreadable, _forge.TamperAsMember(good, static content => content.Sealed = ByteString.CopyFrom(new byte[100]))),
            (RecordRefusal.BadPeerSignature, _forge.Make(signer: other)),
            (RecordRefusal.BadPeer, _forge.Make(static mapping => mapping.Peer = "QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN")),
            (RecordRefusal.BadPeer, _forge.Make(static mapping => mapping.Peer = "nobody")),
            (RecordRefusal.WrongNetwork, _forge.Make(static mapping => mapping.Network = "other")),
            (RecordRefusal.WrongAddress, _forge.Make(static mapping => mapping.Address = ByteString.CopyFrom(10, 0, 0, 3))),
            (RecordRefusal.WrongAddress, _forge.Make(static mapping => mapping.Address = ByteString.CopyFrom(10, 0, 0))),
            (RecordRefusal.WrongRank, _forge.Make(header: static header => header with { Rank = new byte[AddressClaim.RankLength] })),
            (RecordRefusal.BadDialAddress, _forge.Make(static mapping => mapping.Addresses.Add(Enumerable.Repeat("/ip4/198.18.0.1/tcp/1", 16)))),
            (RecordRefusal.BadDialAddress, _forge.Make(static mapping => mapping.Addresses.Add("/dns4/" + new string('a', 260)))),
            (RecordRefusal.BadDialAddress, _forge.Make(static mapping => mapping.Addresses.Add("/ip4/198.18.0.1\n"))),
        ];

        Assert.All(cases, @case => Assert.Equal(@case.Expected, Judge(@case.Value)));
    }

    [Fact]
    public void Record_OfAnotherKey_IsRefused()
    {
        // That of one address under that of another: a replay elsewhere.
        var elsewhere = _member.Keys.KeyOf(VirtualIp.Parse("10.0.0.3"));
        Assert.Equal(RecordRefusal.BadNetworkSignature, _victim.Reader.TryRead(elsewhere, _forge.Make(), _time.GetUtcNow(), out _));
        Assert.Equal(RecordRefusal.WrongAddress, _victim.Reader.TryRead(elsewhere, _forge.Make(key: elsewhere), _time.GetUtcNow(), out _));
        // Outside the network, by a member.
        var outside = new RecordForge(_member, _time.GetUtcNow()) { Address = VirtualIp.Parse("192.168.7.1") };
        Assert.Equal(RecordRefusal.WrongAddress, _victim.Reader.TryRead(outside.Key, outside.Make(), _time.GetUtcNow(), out _));
    }

    [Fact]
    public void Validator_OfOthers_SeesOnlyThatTheNetworkSigned()
    {
        var validator = new RecordValidator(DhtNode.Ed25519, _time);
        var counters = new DhtCounters();
        using var stranger = NodeIdentity.Generate();
        var other = new DhtNode(_table, _time, address: "10.0.0.9");
        validator.Add(new MemberRecords(other.Reader, counters));
        var good = _forge.Make();

        Assert.True(validator.IsValid(_forge.Key, good));
        Assert.Equal(RecordRefusal.BadNetworkSignature, other.Reader.TryRead(_forge.Key, good, _time.GetUtcNow(), out _));
        Assert.False(validator.IsValid(_forge.Key, RecordForge.Tamper(good, static content => content.Sequence++)));
        Assert.False(validator.IsValid("/svpn/short"u8.ToArray(), good));
        // What is inside they cannot judge.
        Assert.True(validator.IsValid(_forge.Key, _forge.Make(signer: stranger)));
        Assert.Equal((1, 1), (counters.Of(RecordRefusal.BadNetworkSignature), counters.Of(RecordRefusal.BadKey)));
    }

    [Fact]
    public void SelectBest_MembersAndOthers_Agree()
    {
        var rival = new RecordForge(new DhtNode(_table, _time, s_secret, address: "10.0.0.2"), _time.GetUtcNow());
        ReadOnlyMemory<byte>[] values =
        [
            _forge.Make(),
            _forge.Make(header: static header => header with { Sequence = header.Sequence + 5 }),
            rival.Make(header: static header => header with { Sequence = header.Sequence + 7 }),
            rival.Make(static mapping => mapping.Automatic = true, static header => header with { Sequence = header.Sequence + 9 }),
        ];
        var (member, others) = (new RecordValidator(DhtNode.Ed25519, _time), new RecordValidator(DhtNode.Ed25519, _time));
        member.Add(new MemberRecords(_victim.Reader, new DhtCounters()));
        Assert.All(values, value => Assert.True(member.IsValid(_forge.Key, value) && others.IsValid(_forge.Key, value)));
        var records = values.Select(value => Read(value)!).ToList();
        var expected = records[1].Claim.IsBetterThan(records[2].Claim, s_secret) ? 1 : 2;

        Assert.Equal((expected, expected), (member.SelectBest(_forge.Key, values), others.SelectBest(_forge.Key, values)));
        Assert.Equal(1, member.SelectBest(_forge.Key, [values[3], values[1]]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_OlderRecordReplayed_TheNewerOneHolds()
    {
        var old = _forge.Make();
        var newer = _forge.Make(static mapping => mapping.Addresses[0] = "/ip4/198.18.0.7/tcp/4001", static header => header with { Sequence = header.Sequence + 1 });
        await _victim.FindAsync(VirtualIp.Parse("10.0.0.99"));
        _victim.Store.Plant(_forge.Key, newer);
        Assert.Equal(["/ip4/198.18.0.7/tcp/4001"], (await _victim.FindAsync(_member.Address)).Mapping!.Addresses);

        // Somebody puts the old one in the place of all others.
        _victim.Store.Plant(_forge.Key, old);
        _time.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(["/ip4/198.18.0.7/tcp/4001"], (await _victim.FindAsync(_member.Address)).Mapping!.Addresses);
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_FloodOfRecords_IsRefusedAndCounted_AndMemoryIsBounded()
    {
        await _victim.FindAsync(VirtualIp.Parse("10.0.0.99"));
        _member.Store.IsCut = true;
        var forged = RecordForge.Tamper(_forge.Make(), static content => content.Sequence++);

        for (var i = 0; i < 2000; i++)
            Assert.False(_victim.Store.Store(_forge.Key, forged));
        for (var i = 0; i < 3000; i++)
            await _victim.FindAsync(VirtualIp.Parse($"fd00::{i + 16:x}"));

        Assert.Equal(2000, _victim.Discovery.Counters.Of(RecordRefusal.BadNetworkSignature));
        Assert.Empty(_victim.Store.Records);
        Assert.Equal(1024, _victim.Discovery.Cached);
    }

    [Fact]
    public void Validator_RandomBytes_NeverThrowsNorBelieves()
    {
        var validator = new RecordValidator(DhtNode.Ed25519, _time);
        validator.Add(new MemberRecords(_victim.Reader, new DhtCounters()));
        var random = new Random(20301);
        var good = _forge.Make();
        for (var i = 0; i < 10_000; i++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            Assert.False(validator.IsValid(_forge.Key, noise));
            validator.IsValid(noise, good);
            Assert.Equal(0, validator.SelectBest(_forge.Key, [noise, noise]));
            // The good one, with some of its bytes turned or cut off.
            var changed = good.ToArray();
            for (var turns = random.Next(1, 4); turns > 0; turns--)
                changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
            var cut = changed.AsMemory(0, random.Next(1, changed.Length + 1));
            if (!cut.Span.SequenceEqual(good))
                Assert.NotEqual(RecordRefusal.None, Judge(cut));
        }
    }

    [Fact]
    public void Reader_RandomBytesThatWereSealed_NeverThrows()
    {
        var random = new Random(20302);
        var inside = RecordContentOf(_forge.Make());
        for (var i = 0; i < 1_000; i++)
        {
            var noise = new byte[random.Next(1, 120)];
            random.NextBytes(noise);
            var header = new RecordHeader { Sequence = inside.Sequence, Issued = _time.GetUtcNow(), Expires = _time.GetUtcNow().AddHours(1), Rank = inside.Rank.Memory };
            var value = _forge.TamperAsMember(_forge.Make(), content =>
                content.Sealed = ByteString.CopyFrom(_member.Keys.Seal(content.Nonce.Span, noise, RecordBytes.Associated(_forge.Key, header))));
            Assert.NotEqual(RecordRefusal.None, Judge(value));
        }
    }

    [Fact]
    public void TheKey_OfAnotherNetwork_IsAnother()
    {
        var address = VirtualIp.Parse("10.0.0.2");
        var keys = new[]
        {
            _member.Keys, new NetworkKeys(_member.Network with { Key = NetworkKey.Open("default") }, DhtNode.Ed25519), new NetworkKeys(_member.Network with { Name = "other" }, DhtNode.Ed25519),
        }.Select(keys => Convert.ToHexString(keys.KeyOf(address))).ToList();

        Assert.Equal(3, keys.Distinct().Count());
        Assert.Equal(3, keys.DistinctBy(static key => key[..76]).Count());
    }

    private static RecordContent RecordContentOf(byte[] value) =>
        RecordContent.Parser.ParseFrom(SignedRecord.Parser.ParseFrom(value).Content);

    private RecordRefusal Judge(ReadOnlyMemory<byte> value)
    {
        var refusal = _victim.Reader.TryRead(_forge.Key, value, _time.GetUtcNow(), out var record);
        Assert.Equal(refusal == RecordRefusal.None, record is not null);
        return refusal;
    }

    private MappingRecord? Read(ReadOnlyMemory<byte> value)
    {
        _victim.Reader.TryRead(_forge.Key, value, _time.GetUtcNow(), out var record);
        return record;
    }
}
