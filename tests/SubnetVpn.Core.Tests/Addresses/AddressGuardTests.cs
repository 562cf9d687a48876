using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Membership;
using SubnetVpn.Core.Routing;
using SubnetVpn.Core.Tests.Nodes;
using SubnetVpn.Discovery;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Tun;
using static SubnetVpn.Core.Tests.Routing.Mappings;

namespace SubnetVpn.Core.Tests.Addresses;

/// <summary>Who claims an address of ours, what of it counts, and who keeps it. The clock stands still, sources and peers say what the test says.</summary>
public sealed class AddressGuardTests : IDisposable
{
    private const string Ours = "10.0.0.1";

    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly AddressHistory _history = new();
    private readonly List<AddressLoss> _losses = [];
    private readonly Dictionary<(PeerId, string), PeerMapping> _told = [];
    private readonly List<PeerId> _greeted = [];
    private readonly TestDiscovery _source = new();
    private Func<PeerEndpoint, CancellationToken, ValueTask<HelloAnswer>> _peer = static (_, _) => new(HelloAnswer.Failed(OpenStreamFailure.Unreachable, "nobody is there"));

    [Fact]
    public void Heard_WrittenOutAgainstOurAutomatic_WeMove()
    {
        Create(isAutomatic: true).Heard(Two, Says(Ours));

        var loss = Assert.Single(_losses);
        Assert.True(loss.CanMove);
        Assert.Equal((VirtualIp.Parse(Ours), Two, "hello"), (loss.Conflict.Address, loss.Conflict.Rival.Peer, loss.Conflict.Rival.Source));
        Assert.Equal((0, 1, 0), Counts());
        Assert.Equal([VirtualIp.Parse(Ours)], _history.Lost);
    }

    [Fact]
    public void Heard_AutomaticAgainstOurWrittenOut_WeKeepItAndSaySoOnce()
    {
        var guard = Create(isAutomatic: false);

        guard.Heard(Two, Says(Ours, isAutomatic: true));
        guard.Heard(Two, Says(Ours, isAutomatic: true));
        guard.Heard(Three, Says(Ours, isAutomatic: true));

        Assert.Empty(_losses);
        Assert.Equal((2, 0, 0), Counts());
        Assert.Equal((Three, AddressConflictOutcome.Kept), (_history.Last!.Rival.Peer, _history.Last.Outcome));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Heard_BothAlike_TheRuleDecides(bool isAutomatic)
    {
        // Of many peers some have the better claim, and some the worse.
        var key = NetworkKey.Open("default");
        var outcomes = new HashSet<AddressConflictOutcome>();
        for (var number = 2; number < 34; number++)
        {
            _losses.Clear();
            var rival = TestPeers.Create(number);
            Create(isAutomatic).Heard(rival, Says(Ours, isAutomatic));
            var isOurs = new AddressClaim(VirtualIp.Parse(Ours), Self, isAutomatic).IsBetterThan(new AddressClaim(VirtualIp.Parse(Ours), rival, isAutomatic), key);
            var outcome = isOurs ? AddressConflictOutcome.Kept : isAutomatic ? AddressConflictOutcome.Moved : AddressConflictOutcome.Stopped;
            Assert.Equal((outcome, isOurs ? 0 : 1), (_history.Last!.Outcome, _losses.Count));
            outcomes.Add(outcome);
        }
        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public void Heard_WrittenOutAgainstWrittenOutAndLost_SaysWhoHoldsItAndWhatToDo()
    {
        var winner = Enumerable.Range(2, 64).Select(TestPeers.Create)
            .First(peer => new AddressClaim(VirtualIp.Parse(Ours), peer, false).IsBetterThan(new AddressClaim(VirtualIp.Parse(Ours), Self, false), NetworkKey.Open("default")));

        Create(isAutomatic: false).Heard(winner, Says(Ours));

        var loss = Assert.Single(_losses);
        Assert.False(loss.CanMove);
        Assert.Contains($"its virtual IP {Ours} is not its own: {winner} holds it, too", loss.Message, StringComparison.Ordinal);
        Assert.Contains("Give this node another virtual_ip", loss.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Heard_NetworkWithoutAKey_OnlyTheOperatorMovesUs()
    {
        var guard = Create(isAutomatic: true, key: null);

        guard.Heard(Two, Says(Ours));
        Tell(guard, Two, MappingTrust.Hearsay);
        Tell(guard, Two, MappingTrust.Signed);
        Assert.Empty(_losses);

        Tell(guard, Two, MappingTrust.Authoritative);
        Assert.Single(_losses);
    }

    [Fact]
    public void Heard_OtherAddressesOrOurAutomaticIPv6_IsNothing()
    {
        var subnet = AutomaticAddress.DeriveSubnet6("default");
        var ipv6 = AutomaticAddress.DeriveIPv6(subnet, Self);
        var settings = Settings(isAutomatic: true, NetworkKey.Open("default"));
        var guard = Create(settings with { AutomaticSubnets = [.. settings.AutomaticSubnets, subnet], Addresses = [.. settings.Addresses, new TunAddress(ipv6, 64)] });

        guard.Heard(Two, Says("10.0.0.2", ipv6.ToString()));
        guard.Heard(Self, Says(Ours));

        Assert.Equal((0, 0, 0), Counts());
    }

    [Fact]
    public async Task Refused_Hearsay_TheLoserIsFoundByAskingThePeer()
    {
        var guard = Create(isAutomatic: true);
        _peer = (endpoint, _) => new(HelloAnswer.Said(new Greeting(1, Says(Ours))));
        var confirming = guard.ConfirmAsync(_stopping.Token);

        Tell(guard, Two, MappingTrust.Hearsay);

        await Eventually.TrueAsync(() => _losses.Count == 1);
        Assert.Equal(("hello", Two), (_losses[0].Conflict.Rival.Source, _losses[0].Conflict.Rival.Peer));
        await StopAsync(confirming);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refused_ForgedHearsay_MovesNobody(bool answers)
    {
        var guard = Create(isAutomatic: true);
        if (answers)
            _peer = (_, _) => new(HelloAnswer.Said(new Greeting(1, Says("10.0.0.9"))));
        var confirming = guard.ConfirmAsync(_stopping.Token);

        Tell(guard, Two, MappingTrust.Hearsay);
        await Eventually.TrueAsync(() => Greeted == 1);
        // Again at once: the peer is not asked again.
        Tell(guard, Two, MappingTrust.Hearsay);
        _time.Advance(TimeSpan.FromSeconds(61));
        Tell(guard, Two, MappingTrust.Hearsay);
        await Eventually.TrueAsync(() => Greeted == 2);

        await StopAsync(confirming);
        Assert.Equal((0, 0, 0), Counts());
    }

    [Fact]
    public async Task Refused_FloodOfForgedHearsay_IsBoundedAndDoesNotHoldUpAProvenClaim()
    {
        var guard = Create(isAutomatic: true);
        _peer = static async (_, token) => { await Task.Delay(Timeout.InfiniteTimeSpan, token); return default; };
        var confirming = guard.ConfirmAsync(_stopping.Token);
        for (var number = 10; number < 1010; number++)
            Tell(guard, TestPeers.Create(number), MappingTrust.Hearsay);
        await Eventually.TrueAsync(() => Greeted == 1);

        guard.Heard(Two, Says(Ours));

        Assert.Single(_losses);
        // Those that waited are asked one after the other, each for a while.
        for (var asked = 2; asked <= 16; asked++)
        {
            await _time.WhenTimersAsync();
            _time.Advance(TimeSpan.FromSeconds(15));
            await Eventually.TrueAsync(() => Greeted == asked);
        }
        await StopAsync(confirming);
        Assert.InRange(Greeted, 16, 17);
    }

    [Theory]
    [InlineData(MappingTrust.Signed)]
    [InlineData(MappingTrust.Member)]
    public async Task Refused_SignedAgainstOurWrittenOut_WeStopOnlyOnceThePeerSaysSo(MappingTrust trust)
    {
        // Its record may be that of a machine that this one replaces.
        var winner = Enumerable.Range(2, 64).Select(TestPeers.Create)
            .First(peer => new AddressClaim(VirtualIp.Parse(Ours), peer, false).IsBetterThan(new AddressClaim(VirtualIp.Parse(Ours), Self, false), NetworkKey.Open("default")));
        var guard = Create(isAutomatic: false);
        var confirming = guard.ConfirmAsync(_stopping.Token);

        Tell(guard, winner, trust);
        await Eventually.TrueAsync(() => Greeted == 1);
        Assert.Equal((0, 0, 0), Counts());
        _peer = static (_, _) => new(HelloAnswer.Said(new Greeting(1, Says(Ours))));
        _time.Advance(TimeSpan.FromSeconds(61));
        Tell(guard, winner, trust);

        await Eventually.TrueAsync(() => _losses.Count == 1);
        Assert.Equal(("hello", false), (_losses[0].Conflict.Rival.Source, _losses[0].CanMove));
        await StopAsync(confirming);
    }

    [Fact]
    public async Task Ask_EveryMinute_FindsWhoElseClaimsIt()
    {
        var guard = Create(isAutomatic: true);
        var asking = guard.AskAsync(_stopping.Token);
        for (var minute = 0; minute < 3; minute++)
        {
            var before = _source.Questions;
            await _time.WhenTimersAsync();
            _time.Advance(TimeSpan.FromSeconds(67));
            await Eventually.TrueAsync(() => _source.Questions > before);
        }
        Assert.Empty(_losses);

        _source.Answer = static address => new(PeerLookup.Found(Make(Two, "dht", MappingTrust.Signed, address.ToString())));
        guard.AskNow();

        await Eventually.TrueAsync(() => _losses.Count == 1);
        Assert.Equal("dht", _losses[0].Conflict.Rival.Source);
        await StopAsync(asking);
    }

    [Fact]
    public async Task Ask_AnswersThatAreNoClaims_MoveNobody()
    {
        var guard = Create(isAutomatic: true);
        var asking = guard.AskAsync(_stopping.Token);
        PeerMapping[] answers =
        [
            Make(Self, "dht", MappingTrust.Signed, Ours),
            Make(Two, "static", MappingTrust.Authoritative, "10.0.0.0/24"),
            Make(Two, "static", MappingTrust.Authoritative, "0.0.0.0/0"),
            Make(Two, "dht", MappingTrust.Signed, Ours) with { TimeToLive = TimeSpan.Zero },
            Make(Two, "dht", MappingTrust.Signed, "10.0.0.2"),
        ];
        foreach (var answer in answers)
        {
            var before = _source.Questions;
            _source.Answer = _ => new(PeerLookup.Found(answer));
            guard.AskNow();
            await Eventually.TrueAsync(() => _source.Questions > before);
        }

        // One more, which comes to an end behind the others.
        _source.Answer = static _ => new(PeerLookup.Found(Make(Two, "dht", MappingTrust.Signed, Ours)));
        Assert.Empty(_losses);
        guard.AskNow();
        await Eventually.TrueAsync(() => _losses.Count == 1);
        await StopAsync(asking);
    }

    [Fact]
    public async Task Registry_GivesItToAnother_ItsWordIsFinal()
    {
        var registry = new TestRegistry();
        registry.Give(Ours, Self);
        var guard = Create(Settings(isAutomatic: false, NetworkKey.Open("default")), registry);
        var asking = guard.AskAsync(_stopping.Token);

        guard.Heard(Two, Says(Ours));
        Tell(guard, Two, MappingTrust.Authoritative);
        Assert.Equal((0, 0, 0), Counts());
        registry.Give(Ours, Three);
        guard.AskNow();

        await Eventually.TrueAsync(() => _losses.Count == 1);
        Assert.Contains($"the registry gives it to {Three}", _losses[0].Message, StringComparison.Ordinal);
        await StopAsync(asking);
    }

    public void Dispose() => _stopping.Dispose();

    private static Hello Says(string address, bool isAutomatic = false) => new() { Mtu = 1400, VirtualIps = [VirtualIp.Parse(address)], IsAutomatic = isAutomatic };

    private static Hello Says(params string[] addresses) => new() { Mtu = 1400, VirtualIps = [.. addresses.Select(VirtualIp.Parse)] };

    private static NetworkSettings Settings(bool isAutomatic, NetworkKey? key) => new()
    {
        Addresses = [new TunAddress(VirtualIp.Parse(Ours), 24)],
        AutomaticSubnets = isAutomatic ? [IpPrefix.Parse("10.0.0.0/24")] : [],
        NetworkKey = key,
    };

    private int Greeted
    {
        get
        {
            lock (_greeted)
                return _greeted.Count;
        }
    }

    private (long Kept, long Moved, long Stopped) Counts() =>
        (_history.Count(AddressConflictOutcome.Kept), _history.Count(AddressConflictOutcome.Moved), _history.Count(AddressConflictOutcome.Stopped));

    private void Tell(AddressGuard guard, PeerId peer, MappingTrust trust)
    {
        _told[(peer, "mdns")] = Make(peer, "mdns", trust, Ours);
        guard.Refused(new RefusedClaim(IpPrefix.Parse($"{Ours}/32"), peer, "mdns", trust, MappingRefusal.OurAddress, Self));
    }

    private AddressGuard Create(bool isAutomatic) => Create(Settings(isAutomatic, NetworkKey.Open("default")));

    private AddressGuard Create(bool isAutomatic, NetworkKey? key) => Create(Settings(isAutomatic, key));

    private AddressGuard Create(NetworkSettings settings, IAddressRegistry? registry = null) => new(new AddressGuardContext
    {
        Settings = settings,
        Self = Self,
        Question = new AddressQuestion(
            new SourceQuestions([_source], _time, NullLogger.Instance), new RegistryGuard(registry, _time, NullLogger.Instance), settings, Self),
        FindTold = claim => _told.GetValueOrDefault((claim.Peer, claim.Source)),
        AskPeer = (endpoint, token) =>
        {
            lock (_greeted)
                _greeted.Add(endpoint.Peer);
            return _peer(endpoint, token);
        },
        History = _history,
        Lost = _losses.Add,
        Time = _time,
        Logger = NullLogger.Instance,
    });

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running.WithinSafetyLimitAsync();
    }
}
