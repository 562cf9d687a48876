namespace SubnetVpn.Libp2p.Noise;

/// <summary>Why a Noise handshake failed.</summary>
public enum NoiseFailure
{
    /// <summary>It did not.</summary>
    None = 0,

    /// <summary>A message is too short, too long, or its payload is not what the specification says.</summary>
    Malformed,

    /// <summary>A message does not authenticate: altered, or for another key.</summary>
    DecryptFailed,

    /// <summary>The peer's key leads to the same secret with everybody.</summary>
    WeakKey,

    /// <summary>The identity key is of a kind or size that is not accepted.</summary>
    UnacceptableIdentity,

    /// <summary>The signature that binds the identity to this handshake is wrong.</summary>
    BadSignature,

    /// <summary>The peer proved an identity, but not the one that was dialled.</summary>
    WrongPeer,
}
