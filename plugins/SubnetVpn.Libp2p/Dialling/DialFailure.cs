namespace SubnetVpn.Libp2p.Dialling;

/// <summary>Why a peer could not be reached, or a stream to it not be opened.</summary>
public enum DialFailure
{
    /// <summary>It could.</summary>
    None = 0,

    /// <summary>There is no connection to the peer, and no address of it that can be dialled.</summary>
    NoAddress,

    /// <summary>Its addresses failed a short while ago; the result says when they are tried again.</summary>
    Backoff,

    /// <summary>Nothing listens at the address.</summary>
    Refused,

    /// <summary>There is no route to the address.</summary>
    Unreachable,

    /// <summary>The address did not answer in time.</summary>
    TimedOut,

    /// <summary>The name in the address has no address.</summary>
    NameNotResolved,

    /// <summary>The address answered, but the handshake failed.</summary>
    HandshakeFailed,

    /// <summary>Another peer answered at the address.</summary>
    WrongPeer,

    /// <summary>A limit on connections is reached.</summary>
    TooManyConnections,

    /// <summary>A limit on streams is reached.</summary>
    TooManyStreams,

    /// <summary>The peer speaks none of the protocols.</summary>
    ProtocolNotSupported,

    /// <summary>The peer did not agree on a protocol in time, or not by the rules.</summary>
    NegotiationFailed,

    /// <summary>The connection ended meanwhile.</summary>
    ConnectionLost,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>The host is disposed.</summary>
    HostStopped,

    /// <summary>The peer is this host.</summary>
    Self,
}
