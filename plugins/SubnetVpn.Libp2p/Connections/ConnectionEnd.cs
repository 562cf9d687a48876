namespace SubnetVpn.Libp2p.Connections;

/// <summary>Why a connection ended. Set once; the first reason stays.</summary>
public enum ConnectionEnd
{
    /// <summary>It lives.</summary>
    None = 0,

    /// <summary>This side closed it.</summary>
    ClosedLocally,

    /// <summary>The host was disposed.</summary>
    HostStopped,

    /// <summary>The peer closed it, in order or by ending the TCP connection.</summary>
    ClosedByPeer,

    /// <summary>The network or the peer's system broke it.</summary>
    ConnectionBroken,

    /// <summary>The peer did not answer pings, and nothing else came either.</summary>
    PeerSilent,

    /// <summary>Bytes that do not authenticate, or a frame too short to.</summary>
    DecryptFailed,

    /// <summary>The peer broke the rules of the multiplexer; the connection's fault says which.</summary>
    ProtocolError,

    /// <summary>The peer ended it with a GoAway that reports an error.</summary>
    PeerReportedError,

    /// <summary>There are more connections than the limits allow.</summary>
    OverLimit,

    /// <summary>A defect of this library, logged.</summary>
    InternalError,
}
