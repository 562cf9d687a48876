namespace SubnetVpn.Libp2p.Noise;

/// <summary>Constants of the specifications: Noise revision 34, and libp2p specs noise/README.md.</summary>
internal static class NoiseConstants
{
    public const string ProtocolId = "/noise";
    public const string ProtocolName = "Noise_XX_25519_ChaChaPoly_SHA256";
    public const string SignaturePrefix = "noise-libp2p-static-key:";
    public const int KeyBytes = 32;
    public const int HashBytes = 32;
    public const int TagBytes = 16;
    public const int NonceBytes = 12;

    /// <summary>Before every message, handshake or transport: its length, big-endian.</summary>
    public const int LengthBytes = 2;

    public const int MaxMessageBytes = 65535;
    public const int MaxPlaintextBytes = MaxMessageBytes - TagBytes;

    /// <summary>Length, ciphertext and tag of a full message.</summary>
    public const int MaxFrameBytes = LengthBytes + MaxMessageBytes;
}
