using System.Diagnostics;
using System.Text.Json;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Diagnostics;

/// <summary>The spans of this library. Nothing is made while nobody listens.</summary>
internal static class Tracing
{
    /// <summary>The name of the source of spans.</summary>
    public const string SourceName = "SubnetVpn";

    private static readonly ActivitySource _source = new(SourceName);

    /// <summary>One address of a peer is dialled.</summary>
    public static Activity? StartDial(PeerId peer, object address)
    {
        Activity? activity = _source.StartActivity("dial", ActivityKind.Client);
        activity?.SetTag("subnetvpn.peer", peer.ToString()).SetTag("subnetvpn.address", address.ToString());
        return activity;
    }

    /// <summary>A TCP connection becomes a libp2p connection.</summary>
    public static Activity? StartHandshake(bool isDialer)
    {
        Activity? activity = _source.StartActivity("handshake", isDialer ? ActivityKind.Client : ActivityKind.Server);
        activity?.SetTag("subnetvpn.direction", isDialer ? "outbound" : "inbound");
        return activity;
    }

    /// <summary>Says how it went: <paramref name="failure"/> in snake case, or <c>ok</c> when that is 0.</summary>
    public static void Finish<TFailure>(Activity? activity, PeerId? peer, TFailure failure, string detail)
        where TFailure : struct, Enum
    {
        if (activity is null)
        {
            return;
        }

        bool isOk = EqualityComparer<TFailure>.Default.Equals(failure, default);
        activity.SetTag("subnetvpn.outcome", isOk ? "ok" : JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString()));
        if (peer is { } known)
        {
            activity.SetTag("subnetvpn.peer", known.ToString());
        }

        if (!isOk)
        {
            activity.SetStatus(ActivityStatusCode.Error, detail);
        }
    }
}
