using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

public sealed class DhtPublishingTests : IAsyncDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(31);
    private readonly MemoryTable _table = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<DhtNode> _nodes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_Time_PublishesAgainAtAThirdOfTheLifetime()
    {
        var node = Add("10.0.0.1");
        await node.AnnounceAsync();
        var first = Record(node);

        Advance(TimeSpan.FromMinutes(17));
        Assert.Equal(first.Header.Sequence, Record(node).Header.Sequence);
        Advance(TimeSpan.FromMinutes(6));

        await Eventually.TrueAsync(() => Record(node).Header.Sequence > first.Header.Sequence);
        Assert.True(Record(node).Header.Expires > first.Header.Expires + TimeSpan.FromMinutes(17));
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_DiallableElsewhere_PublishesAtOnce()
    {
        var node = Add("10.0.0.1");
        await node.AnnounceAsync();

        node.DialAddresses = ["/ip4/198.18.0.77/tcp/4001"];
        _time.Advance(s_poll);

        await Eventually.TrueAsync(() => Record(node).DialAddresses.SequenceEqual(node.DialAddresses));
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_BestRankOfAnother_IsRefusedAndNothingIsStored()
    {
        var (better, worse) = AddRivals();
        await better.AnnounceAsync();
        var before = worse.Store.Puts;

        Assert.Equal(AnnounceOutcome.Refused, await worse.AnnounceAsync());

        Assert.Equal(before, worse.Store.Puts);
        Assert.Equal(better.Identity.Id, (await worse.FindAsync(worse.Address)).Mapping!.Peer);
        Assert.Equal(PeerLookupOutcome.NotFound, (await better.FindAsync(better.Address)).Outcome);
        Assert.Equal(1, worse.Discovery.Counters.Of(PublishOutcome.Refused));
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_WorseRankOfAnother_WinsAndTheOtherSeesIt()
    {
        var (better, worse) = AddRivals();
        await worse.AnnounceAsync();
        Assert.Equal(PeerLookupOutcome.NotFound, (await worse.FindAsync(worse.Address)).Outcome);

        Assert.Equal(AnnounceOutcome.Announced, await better.AnnounceAsync());

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(better.Identity.Id, (await worse.FindAsync(worse.Address)).Mapping!.Peer);
        var third = Add("10.0.0.3");
        Assert.Equal(better.Identity.Id, (await third.FindAsync(better.Address)).Mapping!.Peer);
        // At its next turn it does not publish any more.
        Advance(TimeSpan.FromMinutes(23));
        await Eventually.TrueAsync(() => worse.Discovery.Counters.Of(PublishOutcome.Refused) == 1);
        Assert.Contains(worse.Loggers.Messages, static message => message.Level == LogLevel.Warning && message.Text.Contains("better claim", StringComparison.Ordinal));
        Assert.Equal(better.Identity.Id, Record(worse).Peer);
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_ChosenByAnOperator_WinsOverAutomatic()
    {
        var (better, worse) = AddRivals();
        await better.AnnounceAsync(isAutomatic: true);

        Assert.Equal(AnnounceOutcome.Announced, await worse.AnnounceAsync());

        Assert.Equal(worse.Identity.Id, Record(worse).Peer);
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_NobodyThere_FailsAndGoesOnUntilSomebodyIs()
    {
        var options = new DhtOptions { Bootstrap = [$"/ip4/198.18.0.9/tcp/4001/p2p/{TestPeers.Create(9)}"] };
        var (a, b) = (Add("10.0.0.1", options), Add("10.0.0.2"));
        await b.AnnounceAsync();
        a.Store.IsCut = true;

        Assert.Equal(AnnounceOutcome.Failed, await a.AnnounceAsync());
        Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => a.Discovery.Counters.Of(PublishOutcome.Failed) >= 3);
        Assert.Single(a.Loggers.Messages, static message => message.Level == LogLevel.Warning);
        a.Store.IsCut = false;
        Advance(TimeSpan.FromMinutes(2));

        await Eventually.TrueAsync(() => a.Discovery.Counters.Of(PublishOutcome.Published) == 1);
        Assert.Equal(a.Identity.Id, (await b.FindAsync(a.Address)).Mapping!.Peer);
        Assert.Single(a.Loggers.Messages, static message => message.Level == LogLevel.Information);
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_FirstNodeOfANetwork_IsAnnounced()
    {
        var first = Add("10.0.0.1");

        Assert.Equal(AnnounceOutcome.Announced, await first.AnnounceAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_AnotherAddress_TheFormerOneIsFreeAtOnce()
    {
        var (a, b) = (Add("10.0.0.1"), Add("10.0.0.2"));
        await b.AnnounceAsync();
        await a.Discovery.AnnounceAsync(a.Self(false, "10.0.0.5/32", "fd00::5/128"), Token);
        Assert.NotNull((await b.FindAsync(VirtualIp.Parse("10.0.0.5"))).Mapping);

        await a.Discovery.AnnounceAsync(a.Self(false, "10.0.0.6/32", "fd00::5/128"), Token);

        _time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromSeconds(1));
        var c = Add("10.0.0.5");
        Assert.Equal(PeerLookupOutcome.NotFound, (await c.FindAsync(VirtualIp.Parse("10.0.0.5"))).Outcome);
        Assert.Equal(a.Identity.Id, (await c.FindAsync(VirtualIp.Parse("10.0.0.6"))).Mapping!.Peer);
        Assert.Equal(a.Identity.Id, (await c.FindAsync(VirtualIp.Parse("fd00::5"))).Mapping!.Peer);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(AnnounceOutcome.Announced, await c.AnnounceAsync());
        Assert.Equal(c.Identity.Id, (await b.FindAsync(c.Address)).Mapping!.Peer);
    }

    [Fact(Timeout = 60_000)]
    public async Task Dispose_TellsThatItGoes()
    {
        var (a, b) = (Add("10.0.0.1"), Add("10.0.0.2"));
        await b.AnnounceAsync();
        await a.AnnounceAsync();

        await a.Discovery.DisposeAsync();

        Assert.Equal(PeerLookupOutcome.NotFound, (await b.FindAsync(a.Address)).Outcome);
        // That of the other is left.
        Assert.Equal(1, _time.ActiveTimers);
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_ClockWentBack_TheSequenceDoesNot()
    {
        var node = Add("10.0.0.1");
        var ahead = node.Writer.Write(node.Claim(), [], (ulong)_time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds(), _time.GetUtcNow(), TimeSpan.FromHours(1));
        await node.FindAsync(VirtualIp.Parse("10.0.0.99"));
        Assert.True(node.Store.Store(node.Keys.KeyOf(node.Address), ahead));
        var before = Record(node);

        await node.AnnounceAsync();

        Assert.Equal(before.Header.Sequence + 1, Record(node).Header.Sequence);
    }

    [Fact(Timeout = 60_000)]
    public async Task Announce_OfAnotherPeer_Throws()
    {
        var node = Add("10.0.0.1");

        await Assert.ThrowsAsync<ArgumentException>(async () => await node.Discovery.AnnounceAsync(node.Self() with { Peer = TestPeers.Create(2) }, Token));
    }

    // One after the other, each with its poll, so that timers of all nodes fire in their order.
    private void Advance(TimeSpan by)
    {
        for (var done = TimeSpan.Zero; done < by; done += TimeSpan.FromSeconds(1))
            _time.Advance(TimeSpan.FromSeconds(1));
    }

    private MappingRecord Record(DhtNode node)
    {
        var key = node.Keys.KeyOf(node.Address);
        Assert.Equal(RecordRefusal.None, node.Reader.TryRead(key, node.Store.Find(key)!, _time.GetUtcNow(), out var record));
        return record!;
    }

    // Two nodes with one address, the one with the better claim first.
    private (DhtNode Better, DhtNode Worse) AddRivals()
    {
        var (one, other) = (Add("10.0.0.5"), Add("10.0.0.5"));
        return one.Claim().IsBetterThan(other.Claim(), one.Network.Key) ? (one, other) : (other, one);
    }

    private DhtNode Add(string address, DhtOptions? options = null)
    {
        var node = new DhtNode(_table, _time, null, options, address: address);
        // In the table from the start: it keeps what others store.
        node.Discovery.FindPeerAsync(VirtualIp.Parse("10.0.0.250"), Token).AsTask().Wait(Token);
        _nodes.Add(node);
        return node;
    }
}
