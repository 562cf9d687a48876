namespace SubnetVpn.Libp2p.Diagnostics;

/// <summary>The limits that keep peers from exhausting a host. Each refusal is counted under the limit that caused it.</summary>
public enum Libp2pLimit
{
    /// <summary>Inbound connections whose handshake is not finished, all together.</summary>
    PendingInbound,

    /// <summary>The same from one remote address.</summary>
    PendingInboundPerAddress,

    /// <summary>New inbound connections of one remote address in a short time.</summary>
    InboundRatePerAddress,

    /// <summary>Connections of the host.</summary>
    Connections,

    /// <summary>Connections with one peer.</summary>
    ConnectionsPerPeer,

    /// <summary>Streams that a peer opened on one connection, or streams of both directions.</summary>
    Streams,

    /// <summary>Inbound streams of one peer whose protocol is not agreed yet.</summary>
    PendingStreams,

    /// <summary>Memory for received data that nobody has read.</summary>
    ReceiveMemory,

    /// <summary>Ping streams of one peer.</summary>
    PingStreams,

    /// <summary>Size or number of identify messages.</summary>
    IdentifySize,
}
