using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Turns a snapshot of a node to what <c>/v1/streams</c> answers.</summary>
public static class StreamReport
{
    /// <summary>Makes the report.</summary>
    /// <param name="node">The node.</param>
    public static StreamList Make(NodeSnapshot node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var streams =
            from network in node.Networks
            from peer in network.Peers
            from stream in peer.Streams
            select new PeerStreamStatus(network.Name, peer.Peer.ToString(), MakeStream(stream));
        return new StreamList([
            .. streams
                .OrderBy(stream => stream.Network, StringComparer.Ordinal)
                .ThenBy(stream => stream.Peer, StringComparer.Ordinal)
                .ThenBy(stream => stream.Id)
        ]);
    }

    /// <summary>One stream.</summary>
    internal static StreamStatus MakeStream(StreamSnapshot stream) => new()
    {
        Id = stream.Id,
        Name = stream.Name,
        Protocol = stream.Protocol,
        Lane = stream.Lane,
        Address = stream.RemoteAddress,
        Flows = stream.Flows,
        QueuedPackets = stream.QueuedPackets,
        QueuedBytes = stream.QueuedBytes,
        QueueCapacity = stream.QueueCapacity,
        QueueWaitMilliseconds = stream.QueueWait?.TotalMilliseconds,
        PacketsSent = stream.PacketsSent,
        BytesSent = stream.BytesSent,
        AgeSeconds = Math.Round(stream.Age.TotalSeconds, 3),
        IdleSeconds = Math.Round(stream.Idle.TotalSeconds, 3),
        Health = stream.FailedChecks switch { null => "unchecked", 0 => "ok", _ => "failing" },
        FailedChecks = stream.FailedChecks ?? 0,
        RoundTripMilliseconds = stream.RoundTripTime?.TotalMilliseconds,
    };
}
