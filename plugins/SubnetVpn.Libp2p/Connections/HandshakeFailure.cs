namespace SubnetVpn.Libp2p.Connections;

/// <summary>Why a TCP connection did not become a libp2p connection.</summary>
public enum HandshakeFailure
{
    /// <summary>It did.</summary>
    None = 0,

    /// <summary>It took longer than the handshake may.</summary>
    TimedOut,

    /// <summary>The caller gave up, or the host stopped.</summary>
    Cancelled,

    /// <summary>The other side closed, or the network broke, before the end.</summary>
    LinkEnded,

    /// <summary>What came is not multistream-select: something else speaks on that port.</summary>
    Garbage,

    /// <summary>The other side does not speak Noise.</summary>
    SecurityNotSupported,

    /// <summary>The other side does not speak yamux.</summary>
    MuxerNotSupported,

    /// <summary>A Noise message has a wrong length or content.</summary>
    Malformed,

    /// <summary>A Noise message does not authenticate.</summary>
    DecryptFailed,

    /// <summary>The peer used a key that leads to the same secret with everybody.</summary>
    WeakKey,

    /// <summary>The peer's identity key is of a kind or size that is not accepted.</summary>
    UnacceptableIdentity,

    /// <summary>The peer did not prove its identity.</summary>
    BadSignature,

    /// <summary>The peer proved an identity, but not the one that was dialled.</summary>
    WrongPeer,

    /// <summary>The peer is this host itself.</summary>
    Self,
}
