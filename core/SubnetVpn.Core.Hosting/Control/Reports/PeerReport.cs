using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Turns a snapshot of a node to what <c>/v1/peers</c> answers.</summary>
public static class PeerReport
{
    /// <summary>Makes the report.</summary>
    /// <param name="node">The node.</param>
    public static PeerList Make(NodeSnapshot node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var connections = (node.Transport?.Connections ?? []).ToLookup(connection => connection.Peer);
        var failures = (node.Transport?.DialFailures ?? []).GroupBy(failure => failure.Peer).ToDictionary(group => group.Key, group => group.MaxBy(failure => failure.At)!);
        return new PeerList([
            .. from network in node.Networks
               from peer in network.Peers
               select MakePeer(network.Name, peer, [.. connections[peer.Peer]], failures.GetValueOrDefault(peer.Peer), node.TakenAt)
        ]);
    }

    private static PeerStatus MakePeer(
        string network, PeerSnapshot peer, IReadOnlyList<TransportConnection> connections, PeerDialFailure? failure, DateTimeOffset now)
    {
        var nextAttempt = Later(failure?.NextAttempt, peer.Circuit.NextProbe);
        var state = new PeerState(peer, connections, failure, nextAttempt > now ? nextAttempt : null);
        return new PeerStatus
        {
            Peer = peer.Peer.ToString(),
            Network = network,
            VirtualIps = [.. peer.Prefixes.Where(prefix => prefix.IsSingleAddress).Select(prefix => prefix.Address.ToString())],
            Routes = [.. peer.Prefixes.Where(prefix => !prefix.IsSingleAddress).Select(prefix => prefix.ToString())],
            Source = peer.Source,
            Trust = KeyName.Of(peer.Trust.ToString()),
            State = state.Name,
            Summary = state.Describe(now),
            Addresses = peer.Addresses,
            Connections = [.. connections.Select(MakeConnection)],
            Streams = [.. peer.Streams.Select(StreamReport.MakeStream)],
            InboundStreams = peer.InboundStreams,
            Flows = peer.Flows,
            Circuit = CircuitReport.Make(peer.Circuit, now),
            LastError = state.LastError,
            LastErrorAt = Later(peer.LastError is null ? null : peer.LastErrorAt, failure?.At),
            NextAttempt = state.NextAttempt,
            Agent = peer.AgentVersion,
        };
    }

    private static ConnectionStatus MakeConnection(TransportConnection connection) => new()
    {
        Address = connection.RemoteAddress,
        Direction = connection.IsInbound ? "inbound" : "outbound",
        OpenedAt = connection.OpenedAt,
        RoundTripMilliseconds = connection.RoundTripTime?.TotalMilliseconds,
        Streams = connection.Streams,
        BytesReceived = connection.BytesReceived,
        BytesSent = connection.BytesSent,
        Description = connection.Description,
    };

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;
}
