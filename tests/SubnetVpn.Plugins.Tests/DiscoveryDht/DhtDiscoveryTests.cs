using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

public sealed class DhtDiscoveryTests : IAsyncDisposable
{
    private static readonly NetworkKey s_secret = NetworkKey.FromSecret([.. Enumerable.Range(0, 32).Select(static number => (byte)number)]);
    private readonly MemoryTable _table = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<DhtNode> _nodes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FindPeer_Announced_TellsWhatTheRecordSays(bool isSecret)
    {
        var key = isSecret ? s_secret : null;
        var (a, b) = (Add("10.0.0.1", key), Add("10.0.0.2", key));
        b.DialAddresses = ["/ip4/198.18.0.2/tcp/4001", "/ip4/10.0.0.2/tcp/4001", "/ip6/fd00:5356::2/tcp/4001"];
        Assert.Equal(AnnounceOutcome.Announced, await b.AnnounceAsync(isAutomatic: true));

        var found = (await a.FindAsync(b.Address)).Mapping!;

        Assert.Equal(b.Identity.Id, found.Peer);
        Assert.Equal([new IpPrefix(b.Address, 32)], found.Prefixes);
        // Not through the network's own tunnel.
        Assert.Equal(["/ip4/198.18.0.2/tcp/4001", "/ip6/fd00:5356::2/tcp/4001"], found.Addresses);
        Assert.Equal((isSecret ? MappingTrust.Member : MappingTrust.Signed, true, _time.GetUtcNow()), (found.Trust, found.IsAutomatic, found.IssuedAt!.Value));
        Assert.Equal(TimeSpan.FromMinutes(2), found.TimeToLive);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("other", null)]
    [InlineData("default", "secret")]
    public async Task FindPeer_OfAnotherNetwork_IsNotFoundNorReadable(string name, string? secret)
    {
        var key = secret is null ? null : s_secret;
        var (a, b) = (Add("10.0.0.1"), Add("10.0.0.2", key, name));
        await b.AnnounceAsync();

        Assert.Equal(PeerLookupOutcome.NotFound, (await a.FindAsync(b.Address)).Outcome);

        // It keeps the record for them, and sees nothing but what is sealed.
        await a.FindAsync(VirtualIp.Parse("10.0.0.99"));
        await b.Discovery.AnnounceAsync(b.Self(isAutomatic: true), Token);
        var (stored, value) = Assert.Single(a.Store.Records);
        Assert.NotEqual(Convert.ToHexString(a.Keys.KeyOf(b.Address)), stored);
        Assert.Equal(-1, value.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(b.Identity.Id.ToString())));
        Assert.Equal(-1, value.AsSpan().IndexOf("198.18"u8));
        Assert.Null(ReadWith(a, stored, value));
        Assert.NotNull(ReadWith(b, stored, value));
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_StoreSaysThatItWasCancelled_FailsAndIsAskedAgain()
    {
        var (a, b) = (Add("10.0.0.1"), Add("10.0.0.2"));
        await b.AnnounceAsync();
        a.Store.Fault = new TaskCanceledException("A timeout of its own.");

        var failed = await a.FindAsync(b.Address);
        a.Store.Fault = null;
        _time.Advance(TimeSpan.FromSeconds(6));
        var found = await a.FindAsync(b.Address);

        Assert.Equal((PeerLookupOutcome.Failed, b.Identity.Id), (failed.Outcome, found.Mapping?.Peer));
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_Cached_IsNotAskedForAgainUntilHalfItsLife()
    {
        var (a, b) = (Add("10.0.0.1"), Add("10.0.0.2"));
        await b.AnnounceAsync();
        await a.FindAsync(b.Address);
        var asked = a.Store.Gets;

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(61), (await a.FindAsync(b.Address)).Mapping!.TimeToLive);
        Assert.Equal(asked, a.Store.Gets);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(120), (await a.FindAsync(b.Address)).Mapping!.TimeToLive);
        Assert.Equal(asked + 1, a.Store.Gets);
        Assert.Equal((1, 2), (a.Discovery.Counters.Of(LookupOutcome.Cached), a.Discovery.Counters.Of(LookupOutcome.Found)));
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_NotFound_IsRememberedForAShortWhile()
    {
        var (a, b) = (Add("10.0.0.1"), Add("10.0.0.2"));
        Assert.Equal(PeerLookupOutcome.NotFound, (await a.FindAsync(b.Address)).Outcome);
        await b.AnnounceAsync();

        Assert.Equal(PeerLookupOutcome.NotFound, (await a.FindAsync(b.Address)).Outcome);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(b.Identity.Id, (await a.FindAsync(b.Address)).Mapping!.Peer);
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_ManyAtOnce_ShareOneSearch_AndOneThatGoesDoesNotEndIt()
    {
        var (a, b) = (Add("10.0.0.1"), Add("10.0.0.2"));
        await b.AnnounceAsync();
        var hold = new TaskCompletionSource();
        a.Store.Held = hold.Task;
        using var leaving = new CancellationTokenSource();

        var impatient = a.Discovery.FindPeerAsync(b.Address, leaving.Token).AsTask();
        var patient = Enumerable.Range(0, 50).Select(_ => a.FindAsync(b.Address).AsTask()).ToList();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        hold.SetResult();

        Assert.All(await Task.WhenAll(patient), lookup => Assert.Equal(b.Identity.Id, lookup.Mapping!.Peer));
        Assert.Equal(1, a.Store.Gets);
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_ManyAddresses_AreBounded()
    {
        var a = Add("10.0.0.1");
        var hold = new TaskCompletionSource();
        a.Store.Held = hold.Task;

        var lookups = Enumerable.Range(1, 1000).Select(number => a.FindAsync(VirtualIp.Parse($"fd00::{number:x}")).AsTask()).ToList();
        await Eventually.TrueAsync(() => a.Store.Gets == 16);
        Assert.Equal(1000 - 272, lookups.Count(static lookup => lookup.IsCompleted));
        hold.SetResult();

        var outcomes = (await Task.WhenAll(lookups)).CountBy(static lookup => lookup.Outcome).ToDictionary();
        Assert.Equal((272, 1000 - 272), (outcomes[PeerLookupOutcome.NotFound], outcomes[PeerLookupOutcome.Failed]));
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_TableLost_WhatIsKnownHoldsUntilItExpires()
    {
        var (a, b) = (Add("10.0.0.1"), Add("10.0.0.2"));
        await b.AnnounceAsync();
        await a.FindAsync(b.Address);
        a.Store.IsCut = true;
        a.Store.Clear();
        _time.Advance(TimeSpan.FromMinutes(59));

        Assert.Equal(TimeSpan.FromMinutes(1), (await a.FindAsync(b.Address)).Mapping!.TimeToLive);
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(PeerLookupOutcome.NotFound, (await a.FindAsync(b.Address)).Outcome);
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_StoreThrows_IsAFailure()
    {
        var a = Add("10.0.0.1");
        a.Store.Fault = new InvalidOperationException("A defect of the store.");

        var lookup = await a.FindAsync(VirtualIp.Parse("10.0.0.2"));

        Assert.Equal((PeerLookupOutcome.Failed, "A defect of the store."), (lookup.Outcome, lookup.Detail));
    }

    [Fact(Timeout = 60_000)]
    public async Task FindPeer_NobodyAnswers_IsAFailureWherePeersAreExpected()
    {
        var bootstrap = $"/ip4/198.18.0.9/tcp/4001/p2p/{TestPeers.Create(9)}";
        var node = Add("10.0.0.1", options: new DhtOptions { Bootstrap = [bootstrap] });

        Assert.Equal(PeerLookupOutcome.Failed, (await node.FindAsync(VirtualIp.Parse("10.0.0.2"))).Outcome);
    }

    private static MappingRecord? ReadWith(DhtNode node, string key, byte[] value)
    {
        node.Reader.TryRead(Convert.FromHexString(key), value, new ManualTimeProvider().GetUtcNow(), out var record);
        return record;
    }

    private DhtNode Add(string address, NetworkKey? key = null, string name = "default", DhtOptions? options = null)
    {
        var node = new DhtNode(_table, _time, key, options, name, address);
        _nodes.Add(node);
        return node;
    }
}
