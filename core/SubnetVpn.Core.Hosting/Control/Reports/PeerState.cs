using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>How a peer is doing, as a word and as a sentence.</summary>
internal sealed record PeerState(
    PeerSnapshot Peer, IReadOnlyList<TransportConnection> Connections, PeerDialFailure? Failure, DateTimeOffset? NextAttempt)
{
    public string Name => Connections.Count > 0 ? "connected" : LastError is not null ? "unreachable" : "idle";

    // What the transport says of its own attempts is closer to the cause than what the network made of it.
    public string? LastError => Connections.Count == 0 ? Failure?.Error ?? Peer.LastError : Peer.LastError;

    public string Describe(DateTimeOffset now)
    {
        if (Connections.Count > 0)
            return DescribeConnections();
        if (LastError is { } error)
            return $"unreachable: {error.TrimEnd('.')}; {DescribeNextAttempt(now)}";
        return Peer.Addresses.Count == 0
            ? "not connected: no address of it is known, so it has to dial this node"
            : "not connected: nothing was sent to it yet";
    }

    private string DescribeConnections()
    {
        var parts = new List<string> { $"connected via {Connections[0].RemoteAddress} ({(Connections[0].IsInbound ? "inbound" : "outbound")})" };
        if (Connections.Min(connection => connection.RoundTripTime) is { } time)
            parts.Add($"rtt {HumanText.Duration(time)}");
        if (Connections.Count > 1)
            parts.Add(HumanText.Count(Connections.Count, "connection"));
        parts.Add(HumanText.Count(Peer.Streams.Count + Peer.InboundStreams, "stream"));
        parts.Add($"{HumanText.Bytes(Connections.Sum(connection => connection.BytesSent))} sent");
        parts.Add($"{HumanText.Bytes(Connections.Sum(connection => connection.BytesReceived))} received");
        if (Peer.LastError is { } error)
            parts.Add($"last error: {error.TrimEnd('.')}");
        return string.Join(", ", parts);
    }

    private string DescribeNextAttempt(DateTimeOffset now) => NextAttempt is { } next
        ? $"next attempt in {HumanText.Duration(next - now)}"
        : "next attempt with the next packet to it";
}
