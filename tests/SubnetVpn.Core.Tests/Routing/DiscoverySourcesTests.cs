using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Filtering;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Routing;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Tun;
using static SubnetVpn.Core.Tests.Routing.Mappings;

namespace SubnetVpn.Core.Tests.Routing;

/// <summary>The rule of combination, with sources that answer as a test says.</summary>
public sealed class DiscoverySourcesTests : IDisposable
{
    private static readonly VirtualIp s_address = VirtualIp.Parse("10.0.0.9");

    private readonly ManualTimeProvider _time = new();
    private readonly VpnMetrics _metrics = new(new ScopedMeters(), "default");
    private readonly List<string> _asked = [];
    private readonly List<IPeerDiscovery> _sources = [];

    [Fact]
    public async Task Find_FirstTrustedAnswer_EndsTheSearch()
    {
        Add("a", PeerLookup.NotFound());
        Add("b", Found(Two, "b", MappingTrust.Signed));
        Add("c", Found(Three, "c", MappingTrust.Authoritative));

        Assert.Equal((Two, "b"), await FindAsync());
        Assert.Equal(["a", "b"], _asked);
    }

    [Fact]
    public async Task Find_Hearsay_IsUsedOnlyWhenNobodySaysMore()
    {
        Add("a", Found(Two, "a", MappingTrust.Hearsay));
        Add("b", Found(Three, "b", MappingTrust.Hearsay));

        Assert.Equal((Two, "a"), await FindAsync());
        Add("c", Found(Three, "c", MappingTrust.Signed));
        Assert.Equal((Three, "c"), await FindAsync());
        Assert.Equal(["a", "b", "a", "b", "c"], _asked);
    }

    [Fact]
    public async Task Find_SourceFailsThrowsOrAnswersSomethingElse_TheNextIsAsked()
    {
        Add("failed", PeerLookup.Failed("no bootstrap answers"));
        Add("threw", static _ => throw new InvalidOperationException("broken"));
        Add("threw later", static async _ => { await Task.Yield(); throw new OperationCanceledException("of its own"); });
        Add("other", PeerLookup.Found(Make(Two, "other", MappingTrust.Authoritative, "10.0.0.8")));
        Add("good", Found(Three, "good", MappingTrust.Signed));

        Assert.Equal((Three, "good"), await FindAsync());
        Assert.Equal(["failed", "threw", "threw later", "other", "good"], _asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Find_SourceDoesNotAnswer_TheNextIsAskedAfterItsTime(bool heedsItsToken)
    {
        var never = new TaskCompletionSource<PeerLookup>();
        Add("slow", async token => await (heedsItsToken ? never.Task.WaitAsync(token) : never.Task));
        Add("good", Found(Three, "good", MappingTrust.Signed));
        var find = FindAsync();

        await _time.WhenTimersAsync();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(find.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((Three, "good"), await find.WithinSafetyLimitAsync());
    }

    [Fact]
    public async Task Find_Stopping_IsCancelledAtOnce()
    {
        using var stopping = new CancellationTokenSource();
        var never = new TaskCompletionSource<PeerLookup>();
        Add("deaf", async _ => await never.Task);
        var find = Create().FindAsync(s_address, stopping.Token);

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => find.WithinSafetyLimitAsync());
    }

    [Fact]
    public async Task Find_AnswerIsRefused_IsCountedAndTheNextIsAsked()
    {
        Add("stale", PeerLookup.Found(Make(Two, "stale", MappingTrust.Signed, "10.0.0.9") with { TimeToLive = TimeSpan.Zero }));
        Add("self", Found(Self, "self", MappingTrust.Signed));
        Add("greedy", PeerLookup.Found(Make(Two, "greedy", MappingTrust.Signed, "10.0.0.0/24")));
        Add("good", Found(Three, "good", MappingTrust.Signed));

        Assert.Equal((Three, "good"), await FindAsync());
        Assert.Equal((1, 1, 1, 0), (
            _metrics.MappingsRefused(MappingRefusal.Expired), _metrics.MappingsRefused(MappingRefusal.NamesThisNode),
            _metrics.MappingsRefused(MappingRefusal.NotTrusted), _metrics.MappingsRefused(MappingRefusal.LessTrusted)));
    }

    [Fact]
    public async Task AskAll_TellsEachAndPicksWhatFindWouldReturn()
    {
        Add("a", PeerLookup.NotFound("not here"));
        var isSlow = new TaskCompletionSource();
        Add("b", async token =>
        {
            var delay = Task.Delay(TimeSpan.FromMilliseconds(70), _time, token);
            isSlow.SetResult();
            await delay;
            return Found(Two, "b", MappingTrust.Hearsay);
        });
        Add("c", static _ => throw new InvalidOperationException("broken"));
        Add("d", Found(Three, "d", MappingTrust.Member));
        var never = new TaskCompletionSource<PeerLookup>();
        Add("e", async _ => await never.Task);
        var ask = Create().AskAllAsync(s_address, CancellationToken.None);
        await isSlow.Task.WithinSafetyLimitAsync();
        // The limits of the two that have not answered, and the delay of one.
        await Eventually.TrueAsync(() => AskedCount == 5 && _time.ActiveTimers == 3);
        _time.Advance(TimeSpan.FromMilliseconds(70));
        await Eventually.TrueAsync(() => _time.ActiveTimers == 1);
        _time.Advance(TimeSpan.FromSeconds(10) - _time.Elapsed);

        var answers = (await ask.WithinSafetyLimitAsync()).Answers;

        Assert.Equal([SourceOutcome.NotFound, SourceOutcome.Found, SourceOutcome.Threw, SourceOutcome.Found, SourceOutcome.TimedOut], answers.Select(static answer => answer.Outcome));
        Assert.Equal(["not here", null, "broken", null, "no answer within 10 s"], answers.Select(static answer => answer.Detail));
        Assert.Equal([false, false, false, true, false], answers.Select(static answer => answer.IsPicked));
        Assert.Equal(TimeSpan.FromSeconds(10), answers[4].Took);
    }

    private int AskedCount
    {
        get
        {
            lock (_asked)
                return _asked.Count;
        }
    }

    public void Dispose() => _metrics.Dispose();

    private static PeerLookup Found(PeerId peer, string source, MappingTrust trust) => PeerLookup.Found(Make(peer, source, trust, "10.0.0.9"));

    private void Add(string name, PeerLookup answer) => Add(name, _ => new ValueTask<PeerLookup>(answer));

    private void Add(string name, Func<CancellationToken, ValueTask<PeerLookup>> answer) => _sources.Add(new ScriptedSource(name, _asked, answer));

    private async Task<(PeerId, string)?> FindAsync() =>
        await Create().FindAsync(s_address, CancellationToken.None).WithinSafetyLimitAsync() is { } mapping ? (mapping.Peer, mapping.Source) : null;

    private DiscoverySources Create()
    {
        var refusals = new RefusalCounter(_metrics, NullLogger.Instance);
        var local = new LocalAddresses([new TunAddress(VirtualIp.Parse("10.0.0.1"), 24)]);
        var routes = new RouteTable(Self, local, isRegistered: false, takesUnlisted: true, static _ => throw new InvalidOperationException("Nothing is added here."), refusals, _time);
        return new DiscoverySources(new SourceQuestions(_sources, _time, NullLogger.Instance), new RegistryGuard(null, _time, NullLogger.Instance), routes, refusals);
    }
}
