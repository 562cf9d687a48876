namespace SubnetVpn.Libp2p.Noise;

/// <summary>Constants of the specifications: Noise revision 34, and libp2p specs noise/README.md.</summary>
internal static class NoiseConstants
{
    public const string ProtocolId = "/noise";
    public const int KeyBytes = 32;
    public const int HashBytes = 32;
    public const int TagBytes = 16;
    public const int NonceBytes = 12;

    /// <summary>Before every message, handshake or transport: its length, big-endian.</summary>
    public const int LengthBytes = 2;

    /// <summary>The name of AES-256-GCM among the ciphers of the handshake's extension.</summary>
    public const string Aes256Gcm = "aes-256-gcm";

    public const int MaxMessageBytes = 65535;
    public const int MaxPlaintextBytes = MaxMessageBytes - TagBytes;

    /// <summary>Length, ciphertext and tag of a full message.</summary>
    public const int MaxFrameBytes = LengthBytes + MaxMessageBytes;

    /// <summary>The name of the protocol, which is hashed first.</summary>
    public static ReadOnlySpan<byte> ProtocolName => "Noise_XX_25519_ChaChaPoly_SHA256"u8;

    /// <summary>What the identity key signs begins with it; the static key follows.</summary>
    public static ReadOnlySpan<byte> SignaturePrefix => "noise-libp2p-static-key:"u8;
}
