using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SubnetVpn.Libp2p.Noise;

/// <summary>
/// One direction of encryption: a key and a counter (Noise revision 34, sections 5.1 and 12.3: the nonce is four
/// zero bytes and the counter, little-endian). Works in place. Not safe for concurrent use.
/// </summary>
internal sealed class NoiseCipher(ReadOnlySpan<byte> key) : IDisposable
{
    private readonly ChaCha20Poly1305 _aead = new(key);
    private ulong _counter;

    /// <summary>Encrypts all but the last 16 bytes of <paramref name="message"/> and puts the tag there.</summary>
    public void Seal(Span<byte> message, ReadOnlySpan<byte> associatedData)
    {
        Span<byte> nonce = stackalloc byte[NoiseConstants.NonceBytes];
        WriteNonce(nonce);
        Span<byte> body = message[..^NoiseConstants.TagBytes];
        _aead.Encrypt(nonce, body, body, message[^NoiseConstants.TagBytes..], associatedData);
        _counter++;
    }

    /// <summary>Undoes <see cref="Seal"/>. False when it does not authenticate; the bytes are then worthless.</summary>
    public bool TryOpen(Span<byte> message, ReadOnlySpan<byte> associatedData)
    {
        if (message.Length < NoiseConstants.TagBytes)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[NoiseConstants.NonceBytes];
        WriteNonce(nonce);
        Span<byte> body = message[..^NoiseConstants.TagBytes];
        try
        {
            _aead.Decrypt(nonce, body, message[^NoiseConstants.TagBytes..], body, associatedData);
        }
        catch (AuthenticationTagMismatchException)
        {
            // Once a connection at most: it ends there.
            return false;
        }

        _counter++;
        return true;
    }

    public void Dispose() => _aead.Dispose();

    private void WriteNonce(Span<byte> nonce)
    {
        // 2^64-1 is reserved. At a million messages a second it is half a million years away.
        if (_counter == ulong.MaxValue)
        {
            throw new InvalidOperationException("The nonces of this key are used up.");
        }

        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _counter);
    }
}
