using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Tells what one discovery source said.</summary>
internal static class SourceReplyReport
{
    public static SourceReply Make(SourceAnswer answer, string source, AddressResolution resolution)
    {
        var verdict = FindVerdict(answer, resolution.InUse);
        return new SourceReply
        {
            Source = source,
            Outcome = KeyName.Of(answer.Outcome.ToString()),
            Verdict = verdict,
            Summary = Describe(answer, verdict),
            TookMilliseconds = answer.Took.TotalMilliseconds,
            Peer = answer.Mapping?.Peer.ToString(),
            Prefixes = [.. (answer.Mapping?.Prefixes ?? []).Select(static prefix => prefix.ToString())],
            Addresses = answer.Mapping?.Addresses ?? [],
            Trust = answer.Mapping is { } mapping ? KeyName.Of(mapping.Trust.ToString()) : null,
            AgeSeconds = (resolution.TakenAt - answer.Mapping?.IssuedAt)?.TotalSeconds,
            TimeToLiveSeconds = answer.Mapping is null ? null : ResolveReport.Seconds(answer.Mapping.TimeToLive),
            Refusal = answer.Refusal is { } refusal ? KeyName.Of(refusal.ToString()) : null,
            Detail = answer.Detail,
        };
    }

    /// <summary>The registry's answer: its word is final, whether it is used for a route or not.</summary>
    public static SourceReply MakeRegistry(SourceAnswer answer, string name, AddressResolution resolution)
    {
        var reply = Make(answer, name, resolution);
        return answer.Mapping is { } mapping ? reply with { Verdict = "final", Summary = $"gives it to {mapping.Peer}" } : reply;
    }

    private static string FindVerdict(SourceAnswer answer, RouteInUse? inUse)
    {
        if (answer.Mapping is not { } mapping)
            return "none";
        if (answer.Refusal is not null)
            return "refused";
        if (mapping.Peer != inUse?.Mapping.Peer)
            return "not_needed";
        return mapping.Source == inUse.Mapping.Source ? "used" : "agrees";
    }

    private static string Describe(SourceAnswer answer, string verdict) => (answer.Outcome, verdict) switch
    {
        (SourceOutcome.NotFound, _) => answer.Detail ?? "knows of nobody",
        (SourceOutcome.Failed, _) => $"could not be asked: {answer.Detail ?? "it does not say why"}",
        (SourceOutcome.TimedOut, _) => answer.Detail!,
        (SourceOutcome.Threw, _) => $"is broken: {answer.Detail}",
        (_, "refused") => $"names {answer.Mapping!.Peer}, which is refused: {RefusalText.Of(answer.Refusal!.Value, answer.Holder)}",
        (_, "used") => $"names {answer.Mapping!.Peer}, which is used",
        (_, "agrees") => $"names {answer.Mapping!.Peer}, too",
        _ => $"names {answer.Mapping!.Peer}, which is not needed",
    };
}
