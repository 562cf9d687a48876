using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Hosting.Tests.Control;

public sealed class ResolveReportTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly PeerId s_two = TestPeers.Create(2);
    private static readonly PeerId s_three = TestPeers.Create(3);

    private static readonly AddressResolution s_nothing = new()
    {
        Network = "default",
        Address = VirtualIp.Parse("10.0.0.9"),
        IsOurs = false,
        TakenAt = s_now,
        Answers = [],
        InUse = null,
        Refused = [],
    };

    [Fact]
    public void Make_SeveralAnswers_TellsTheVerdictOnEach()
    {
        var used = Mapping(s_two, "dht") with { TimeToLive = TimeSpan.FromSeconds(60), IssuedAt = s_now.AddMinutes(-5) };
        var report = Make(s_nothing with
        {
            InUse = new RouteInUse(IpPrefix.Parse("10.0.0.9/32"), used, s_now.AddSeconds(-20)),
            Answers =
            [
                Found(0, Mapping(s_two, "static")),
                Found(1, used),
                Found(2, Mapping(s_three, "mdns")),
                Found(2, Mapping(s_three, "mdns")) with { Refusal = MappingRefusal.HeldAlready, Holder = s_two },
            ],
        });

        Assert.Equal(("resolved", 20, 40), (report.State, report.Route!.AgeSeconds, report.Route.TimeToLiveSeconds));
        Assert.Equal(["agrees", "used", "not_needed", "refused"], report.Sources.Select(static source => source.Verdict));
        Assert.Equal((300, 60, 15), (report.Sources[1].AgeSeconds, report.Sources[1].TimeToLiveSeconds, report.Sources[1].TookMilliseconds));
        Assert.Equal((null, null), (report.Sources[0].AgeSeconds, report.Sources[0].TimeToLiveSeconds));
        Assert.Equal(("held_already", $"names {s_three}, which is refused: {s_two} held it before, by a source that is trusted as much"), (report.Sources[3].Refusal, report.Sources[3].Summary));
    }

    [Theory]
    [InlineData(SourceOutcome.NotFound, null, "not_found", "knows of nobody", "no source knows")]
    [InlineData(SourceOutcome.NotFound, "no record", "not_found", "no record", "no source knows")]
    [InlineData(SourceOutcome.Failed, "no bootstrap", "failed", "could not be asked: no bootstrap", "not every source could be asked")]
    [InlineData(SourceOutcome.TimedOut, "no answer within 10 s", "timed_out", "no answer within 10 s", "not every source could be asked")]
    [InlineData(SourceOutcome.Threw, "oops", "threw", "is broken: oops", "not every source could be asked")]
    public void Make_NoAnswer_SaysWhy(SourceOutcome outcome, string? detail, string name, string summary, string state)
    {
        var report = Make(s_nothing with { Answers = [new SourceAnswer { Index = 1, Outcome = outcome, Detail = detail, Took = TimeSpan.Zero }] });

        Assert.Equal(("unresolved", "dht", name, "none", summary), (report.State, report.Sources[0].Source, report.Sources[0].Outcome, report.Sources[0].Verdict, report.Sources[0].Summary));
        Assert.Contains(state, report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_EveryReasonOfRefusal_HasASentence()
    {
        var report = Make(s_nothing with
        {
            Refused = [.. Enum.GetValues<MappingRefusal>().Select(static reason => new RefusedClaim(IpPrefix.Parse("10.0.0.9/32"), s_three, "dht", MappingTrust.Signed, reason, s_two))],
        });

        Assert.Equal(report.Refused.Count, report.Refused.Select(static refused => refused.Summary).Distinct().Count());
        Assert.All(report.Refused, static refused => Assert.StartsWith($"dht gives 10.0.0.9/32 to {s_three}, which is refused: ", refused.Summary, StringComparison.Ordinal));
    }

    private static NetworkResolution Make(AddressResolution resolution) => ResolveReport.Make(resolution, new StrategyOptions { Discovery = ["static", "dht", "mdns"] });

    private static SourceAnswer Found(int index, PeerMapping mapping) =>
        new() { Index = index, Outcome = SourceOutcome.Found, Mapping = mapping, Took = TimeSpan.FromMilliseconds(15) };

    private static PeerMapping Mapping(PeerId peer, string source) =>
        new() { Peer = peer, Prefixes = [IpPrefix.Parse("10.0.0.9/32")], Source = source, Trust = MappingTrust.Signed };
}
