using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht;
using SubnetVpn.Discovery.Dht.Original;
using SubnetVpn.Discovery.Dht.Original.Wire;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

public sealed class OriginalRecordTests : IAsyncDisposable
{
    private readonly MemoryTable _table = new();
    private readonly ManualTimeProvider _time = new();
    private readonly NodeIdentity _original = NodeIdentity.Generate();
    private readonly List<DhtNode> _nodes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _original.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_OpenNetwork_IsWrittenAsTheOriginalReadsIt()
    {
        var node = Add();
        await node.AnnounceAsync();

        var value = node.Store.Find(Encoding.ASCII.GetBytes($"/vpn/mapping/{node.Identity.Id}"))!;

        var record = VirtualIPRecord.Parser.ParseFrom(value);
        var info = VirtualIPInfo.Parser.ParseFrom(record.Info);
        Assert.Equal(("10.0.0.1", _time.GetUtcNow().ToUnixTimeSeconds()), (info.Ip, info.Timestamp));
        var key = new byte[32];
        Assert.True(node.Identity.Id.TryGetEd25519Key(key));
        Assert.True(DhtNode.Ed25519.Verify(key, SHA256.HashData(info.ToByteArray()), record.Signature.Span));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Announce_PrivateNetworkOrSwitchedOff_IsNotWritten(bool isSecret, bool isOn)
    {
        var node = Add(isSecret ? NetworkKey.FromSecret(new byte[32]) : null, new DhtOptions { OriginalRecords = isOn });
        await node.AnnounceAsync();

        var (key, _) = Assert.Single(node.Store.Records);

        Assert.StartsWith(Convert.ToHexString("/svpn/"u8), key, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_TwoNetworks_OneOfThemWrites()
    {
        var first = Add();
        var second = new DhtNode(_table, _time, name: "home", address: "10.0.0.9", shared: first);
        _nodes.Add(second);

        await first.AnnounceAsync();
        await second.AnnounceAsync();

        Assert.NotNull(first.Store.Find(OriginalRecord.KeyOf(first.Identity.Id)));
        Assert.Null(first.Store.Find(OriginalRecord.KeyOf(second.Identity.Id)));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FindPeer_RecordOfAKnownPeer_IsFound(bool isBootstrap)
    {
        var node = Add(options: isBootstrap
            ? new DhtOptions { Bootstrap = [$"/ip4/198.18.0.7/tcp/4001/p2p/{_original.Id}"] }
            : new DhtOptions { OriginalPeers = [_original.Id.ToString()] });
        var other = Add(address: "10.0.0.3");
        Store(other, "10.0.0.7", _time.GetUtcNow());

        var found = (await node.FindAsync(VirtualIp.Parse("10.0.0.7"))).Mapping!;

        Assert.Equal((_original.Id, MappingTrust.Signed, _time.GetUtcNow()), (found.Peer, found.Trust, found.IssuedAt!.Value));
        Assert.Equal(isBootstrap ? ["/ip4/198.18.0.7/tcp/4001"] : [], found.Addresses);
        Assert.Equal(PeerLookupOutcome.NotFound, (await other.FindAsync(VirtualIp.Parse("10.0.0.7"))).Outcome);
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_NewerRecord_WinsAndOlderOnesDoNotComeBack()
    {
        var node = Add(options: new DhtOptions { OriginalPeers = [_original.Id.ToString()] });
        var other = Add(address: "10.0.0.3");
        await node.FindAsync(VirtualIp.Parse("10.0.0.99"));
        var old = OriginalRecord.Write(VirtualIp.Parse("10.0.0.7"), _time.GetUtcNow(), _original);
        Store(node, "10.0.0.7", _time.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(2));
        Store(other, "10.0.0.8", _time.GetUtcNow());

        Assert.Equal(PeerLookupOutcome.NotFound, (await node.FindAsync(VirtualIp.Parse("10.0.0.7"))).Outcome);
        Assert.Equal(_original.Id, (await node.FindAsync(VirtualIp.Parse("10.0.0.8"))).Mapping!.Peer);

        other.Store.Plant(OriginalRecord.KeyOf(_original.Id), old);
        node.Store.Plant(OriginalRecord.KeyOf(_original.Id), old);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(_original.Id, (await node.FindAsync(VirtualIp.Parse("10.0.0.8"))).Mapping!.Peer);
        Assert.Equal(PeerLookupOutcome.NotFound, (await node.FindAsync(VirtualIp.Parse("10.0.0.7"))).Outcome);
    }

    [Fact]
    public void Record_Hostile_IsRefusedForItsReason()
    {
        using var other = NodeIdentity.Generate();
        var now = _time.GetUtcNow();
        var address = VirtualIp.Parse("10.0.0.7");
        var key = OriginalRecord.KeyOf(_original.Id);
        var good = OriginalRecord.Write(address, now, _original);
        (RecordRefusal Expected, byte[] Key, byte[] Value)[] cases =
        [
            (RecordRefusal.None, key, good),
            (RecordRefusal.Malformed, key, "10.0.0.7"u8.ToArray()),
            (RecordRefusal.Malformed, key, []),
            (RecordRefusal.Malformed, key, good[..^1]),
            (RecordRefusal.TooLarge, key, new byte[257]),
            (RecordRefusal.BadKey, "/vpn/ip/10.0.0.7"u8.ToArray(), good),
            (RecordRefusal.BadPeer, "/vpn/mapping/10.0.0.7"u8.ToArray(), good),
            (RecordRefusal.BadPeer, "/vpn/mapping/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN"u8.ToArray(), good),
            (RecordRefusal.BadPeerSignature, OriginalRecord.KeyOf(other.Id), good),
            (RecordRefusal.BadPeerSignature, key, OriginalRecord.Write(address, now, other)),
            (RecordRefusal.Malformed, key, Sign("10.0.0.7", 0)),
            (RecordRefusal.Malformed, key, Sign("10.0.0.7", long.MaxValue)),
            (RecordRefusal.WrongAddress, key, Sign("", now.ToUnixTimeSeconds())),
            (RecordRefusal.WrongAddress, key, Sign("10.0.0.7; rm", now.ToUnixTimeSeconds())),
            (RecordRefusal.FromFuture, key, OriginalRecord.Write(address, now.AddMinutes(6), _original)),
            (RecordRefusal.Expired, key, OriginalRecord.Write(address, now.AddHours(-48), _original)),
        ];

        Assert.All(cases, @case => Assert.Equal(@case.Expected, OriginalRecord.TryRead(@case.Key, @case.Value, now, DhtNode.Ed25519, out _)));
    }

    [Fact]
    public void Validator_RandomBytes_NeverThrowsNorBelieves()
    {
        var validator = new OriginalValidator(DhtNode.Ed25519, _time);
        var random = new Random(20303);
        var key = OriginalRecord.KeyOf(_original.Id);
        for (var i = 0; i < 10_000; i++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            Assert.False(validator.IsValid(key, noise));
            Assert.False(validator.IsValid(noise, noise));
            Assert.Equal(0, validator.SelectBest(noise, [noise, noise]));
        }
    }

    private byte[] Sign(string ip, long timestamp)
    {
        var info = new VirtualIPInfo { Ip = ip, Timestamp = timestamp }.ToByteArray();
        return new VirtualIPRecord { Info = ByteString.CopyFrom(info), Signature = ByteString.CopyFrom(_original.Sign(SHA256.HashData(info))) }.ToByteArray();
    }

    private void Store(DhtNode node, string address, DateTimeOffset at) =>
        node.Store.Plant(OriginalRecord.KeyOf(_original.Id), OriginalRecord.Write(VirtualIp.Parse(address), at, _original));

    private DhtNode Add(NetworkKey? key = null, DhtOptions? options = null, string address = "10.0.0.1")
    {
        var node = new DhtNode(_table, _time, key, options, address: address);
        _nodes.Add(node);
        return node;
    }
}
