using System.Security.Cryptography;

namespace SubnetVpn.Libp2p.Noise;

/// <summary>
/// Chaining key, transcript hash and, once there is one, the handshake's cipher (Noise revision 34, section 5.2,
/// with the CipherState of section 5.1 inside).
/// </summary>
internal sealed class SymmetricState : IDisposable
{
    private readonly byte[] _chainingKey = new byte[NoiseConstants.HashBytes];
    private readonly byte[] _hash = new byte[NoiseConstants.HashBytes];
    private NoiseCipher? _cipher;

    public SymmetricState(ReadOnlySpan<byte> prologue)
    {
        // The name is exactly 32 bytes long, so it is the first hash as it stands.
        NoiseConstants.ProtocolName.CopyTo(_hash);
        _hash.CopyTo(_chainingKey, 0);
        MixHash(prologue);
    }

    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Bytes that encryption adds now: none before the first key.</summary>
    public int Overhead => _cipher is null ? 0 : NoiseConstants.TagBytes;

    public void MixHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_hash);
        hash.AppendData(data);
        hash.GetHashAndReset(_hash);
    }

    public void MixKey(ReadOnlySpan<byte> secret)
    {
        Span<byte> output = stackalloc byte[2 * NoiseConstants.KeyBytes];
        DeriveKeys(secret, output);
        output[..NoiseConstants.KeyBytes].CopyTo(_chainingKey);
        _cipher?.Dispose();
        _cipher = new NoiseCipher(output[NoiseConstants.KeyBytes..]);
        CryptographicOperations.ZeroMemory(output);
    }

    /// <summary>Writes the plaintext, encrypted when there is a key. Returns the bytes written.</summary>
    public int EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        Span<byte> output = destination[..(plaintext.Length + Overhead)];
        plaintext.CopyTo(output);
        _cipher?.Seal(output, _hash);
        MixHash(output);
        return output.Length;
    }

    /// <summary>Reads what <see cref="EncryptAndHash"/> wrote; <paramref name="destination"/> is as long as the plaintext.</summary>
    public bool TryDecryptAndHash(ReadOnlySpan<byte> input, Span<byte> destination)
    {
        if (_cipher is null)
        {
            input.CopyTo(destination);
            MixHash(input);
            return true;
        }

        Span<byte> work = stackalloc byte[256];
        work = input.Length <= work.Length ? work[..input.Length] : new byte[input.Length];
        input.CopyTo(work);
        if (!_cipher.TryOpen(work, _hash))
        {
            return false;
        }

        work[..destination.Length].CopyTo(destination);
        MixHash(input);
        return true;
    }

    /// <summary>The two transport ciphers: the first is for what the initiator sends.</summary>
    public (NoiseCipher FromInitiator, NoiseCipher FromResponder) Split(NoiseCipherSuite suite)
    {
        Span<byte> output = stackalloc byte[2 * NoiseConstants.KeyBytes];
        DeriveKeys([], output);
        var ciphers = (new NoiseCipher(output[..NoiseConstants.KeyBytes], suite), new NoiseCipher(output[NoiseConstants.KeyBytes..], suite));
        CryptographicOperations.ZeroMemory(output);
        return ciphers;
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        CryptographicOperations.ZeroMemory(_chainingKey);
    }

    /// <summary>HKDF of section 4.3, in its two steps: OpenSSL refuses to do both at once with an empty secret.</summary>
    private void DeriveKeys(ReadOnlySpan<byte> secret, Span<byte> output)
    {
        Span<byte> extracted = stackalloc byte[NoiseConstants.HashBytes];
        HMACSHA256.HashData(_chainingKey, secret, extracted);
        HKDF.Expand(HashAlgorithmName.SHA256, extracted, output, []);
        CryptographicOperations.ZeroMemory(extracted);
    }
}
