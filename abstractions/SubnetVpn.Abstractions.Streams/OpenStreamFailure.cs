namespace SubnetVpn.Streams;

/// <summary>Why a stream could not be opened.</summary>
public enum OpenStreamFailure
{
    /// <summary>It was opened.</summary>
    None = 0,

    /// <summary>No address of the peer is known, and no connection is there.</summary>
    NoAddress,

    /// <summary>No address of the peer answered.</summary>
    Unreachable,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>Somebody answered, but not that peer.</summary>
    WrongPeer,

    /// <summary>The handshake failed.</summary>
    HandshakeFailed,

    /// <summary>The peer speaks none of the protocols.</summary>
    ProtocolNotSupported,

    /// <summary>A limit of ours or of the peer's was reached.</summary>
    TooMany,

    /// <summary>The connection was lost meanwhile.</summary>
    ConnectionLost,

    /// <summary>Recent attempts failed, and the next one is not due yet.</summary>
    BackingOff,

    /// <summary>The peer is this node.</summary>
    Self,

    /// <summary>The transport is stopping.</summary>
    Stopping,

    /// <summary>The network has a key, and the peer or this node does not hold it, or the transport has no way to prove that.</summary>
    NotAMember,
}
