namespace SubnetVpn.Libp2p.Noise;

/// <summary>What encrypts the messages behind a handshake. The handshake itself always runs over ChaCha20-Poly1305, as libp2p has it.</summary>
internal enum NoiseCipherSuite
{
    /// <summary>What every libp2p peer speaks.</summary>
    ChaCha20Poly1305,

    /// <summary>AES-256-GCM, when both sides asked for it in the handshake: faster where processors have instructions for it.</summary>
    Aes256Gcm,
}
