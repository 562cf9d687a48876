using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Turns what a network found out about an address to what <c>/v1/resolve/{ip}</c> answers.</summary>
public static class ResolveReport
{
    /// <summary>Nobody holds the address.</summary>
    public const string Unresolved = "unresolved";

    /// <summary>Makes the report of one network.</summary>
    /// <param name="resolution">What it found out.</param>
    /// <param name="strategies">The names of its discovery sources and its registry.</param>
    public static NetworkResolution Make(AddressResolution resolution, StrategyOptions strategies)
    {
        ArgumentNullException.ThrowIfNull(resolution);
        ArgumentNullException.ThrowIfNull(strategies);
        var (state, summary) = Describe(resolution);
        return new NetworkResolution
        {
            Network = resolution.Network,
            State = state,
            Summary = summary,
            Route = resolution.InUse is { } route ? MakeRoute(route, resolution.TakenAt) : null,
            Registry = resolution.Registration is { } registration ? SourceReplyReport.MakeRegistry(registration, strategies.Registry ?? "registry", resolution) : null,
            Sources = [.. resolution.Answers.Select(answer => SourceReplyReport.Make(answer, strategies.Discovery[answer.Index], resolution))],
            Refused = [.. resolution.Refused.Select(MakeRefused)],
        };
    }

    private static (string State, string Summary) Describe(AddressResolution resolution)
    {
        if (resolution.IsOurs)
            return ("own", $"{resolution.Address} is this node's own address; packets to it do not enter the tunnel");
        if (resolution.InUse is { } route)
            return ("resolved", $"packets go to {route.Mapping.Peer}, as {route.Mapping.Source} says ({KeyName.Of(route.Mapping.Trust.ToString())})");
        if (resolution.Registration is { Mapping: null } registration)
            return (Unresolved, registration.Outcome == SourceOutcome.NotFound ? "packets are dropped: the registry does not know the address" : "packets are dropped: the registry could not be asked whose the address is");
        if (resolution.Answers.Any(static answer => answer.Refusal is not null))
            return (Unresolved, "packets are dropped: what the sources say is refused");
        return (Unresolved, resolution.Answers.All(static answer => answer.Outcome == SourceOutcome.NotFound)
            ? "packets are dropped: no source knows who holds the address"
            : "packets are dropped: not every source could be asked, and the others do not know who holds the address");
    }

    private static ResolvedRoute MakeRoute(RouteInUse route, DateTimeOffset now) => new()
    {
        Peer = route.Mapping.Peer.ToString(),
        Prefix = route.Prefix.ToString(),
        Source = route.Mapping.Source,
        Trust = KeyName.Of(route.Mapping.Trust.ToString()),
        Addresses = route.Mapping.Addresses,
        ToldAt = route.Since,
        AgeSeconds = (now - route.Since).TotalSeconds,
        TimeToLiveSeconds = Seconds(route.Mapping.TimeToLive) is { } whole ? Math.Max(0, whole - (now - route.Since).TotalSeconds) : null,
    };

    private static RefusedMapping MakeRefused(RefusedClaim claim) => new(
        claim.Source, claim.Peer.ToString(), claim.Prefix.ToString(), KeyName.Of(claim.Trust.ToString()), KeyName.Of(claim.Reason.ToString()), claim.Holder?.ToString(),
        $"{claim.Source} gives {claim.Prefix} to {claim.Peer}, which is refused: {RefusalText.Of(claim.Reason, claim.Holder)}");

    internal static double? Seconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? null : time.TotalSeconds;
}
