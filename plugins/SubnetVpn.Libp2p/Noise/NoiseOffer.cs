namespace SubnetVpn.Libp2p.Noise;

/// <summary>What one side of a handshake can do, best first.</summary>
/// <param name="Muxers">Multiplexers (connections/inlined-muxer-negotiation.md).</param>
/// <param name="Ciphers">Ciphers for the messages behind the handshake, beside the one that all have.</param>
internal sealed record NoiseOffer(IReadOnlyList<string> Muxers, IReadOnlyList<string> Ciphers)
{
    public static NoiseOffer None { get; } = new([], []);

    /// <summary>What both use: the first that the initiator named and the responder has.</summary>
    public static NoiseCipherSuite ChooseCipher(NoiseOffer initiator, NoiseOffer responder) =>
        initiator.Ciphers.FirstOrDefault(responder.Ciphers.Contains) == NoiseConstants.Aes256Gcm
            ? NoiseCipherSuite.Aes256Gcm
            : NoiseCipherSuite.ChaCha20Poly1305;
}
