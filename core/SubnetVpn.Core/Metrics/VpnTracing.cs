using System.Diagnostics;

namespace SubnetVpn.Core.Metrics;

/// <summary>The spans of a network: what takes time and is rare. Nothing is made while nobody listens.</summary>
internal static class VpnTracing
{
    /// <summary>The name of the source of spans.</summary>
    public const string SourceName = "SubnetVpn";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Discovery is asked who holds an address.</summary>
    public static Activity? StartLookup(VirtualIp address) =>
        s_source.StartActivity("discovery lookup", ActivityKind.Client)?.SetTag("subnetvpn.virtual_ip", address.ToString());

    /// <summary>A stream to a peer is opened: one attempt, of which the resilience policy may make several.</summary>
    public static Activity? StartStreamOpen(PeerId peer, int lane) =>
        s_source.StartActivity("stream open", ActivityKind.Client)?.SetTag("subnetvpn.peer", peer.ToString()).SetTag("subnetvpn.lane", lane);

    /// <summary>Says how it went.</summary>
    /// <param name="span">The span; null when nobody listens.</param>
    /// <param name="outcome">In snake case; <c>ok</c> is the good one.</param>
    /// <param name="error">Why it failed, for people; null when it did not.</param>
    public static void Finish(Activity? span, string outcome, string? error = null)
    {
        span?.SetTag("subnetvpn.outcome", outcome);
        if (error is not null)
            span?.SetStatus(ActivityStatusCode.Error, error);
    }
}
