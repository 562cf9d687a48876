namespace SubnetVpn;

/// <summary>
/// Ed25519 signatures (RFC 8032, the pure variant), which the class library of .NET 10 lacks. Injected into strategies. Thread-safe;
/// keeps no key.
/// </summary>
public interface IEd25519
{
    /// <summary>The public key of a private one.</summary>
    /// <param name="seed">The private key: 32 secret bytes.</param>
    /// <returns>32 bytes, owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The seed is not 32 bytes long.</exception>
    byte[] GetPublicKey(ReadOnlySpan<byte> seed);

    /// <summary>Signs.</summary>
    /// <param name="seed">The private key: 32 secret bytes.</param>
    /// <param name="data">The bytes to sign, of any length. Prefix them with the purpose, so that a signature cannot serve another one.</param>
    /// <returns>64 bytes, owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The seed is not 32 bytes long.</exception>
    byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> data);

    /// <summary>Whether a signature is of this data, by the holder of this key. Never throws: a key or signature of a wrong length is none.</summary>
    /// <param name="publicKey">32 bytes; of a peer: <see cref="PeerId.TryGetEd25519Key"/>.</param>
    /// <param name="data">The bytes that were signed.</param>
    /// <param name="signature">64 bytes.</param>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
