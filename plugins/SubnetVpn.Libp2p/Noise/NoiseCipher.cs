using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SubnetVpn.Libp2p.Noise;

/// <summary>
/// One direction of encryption: a key and a counter (Noise revision 34, sections 5.1 and 12). Works in place. Not safe for
/// concurrent use.
/// </summary>
/// <remarks>
/// The nonce is four zero bytes and the counter: little-endian for ChaCha20-Poly1305 (section 12.3), big-endian for AES-GCM (12.4).
/// With AES-GCM both sides change the key after every <see cref="MessagesPerKey"/> messages (sections 4.2, 11.3), which keeps what
/// one key encrypts, 256 GiB at most, far below where its blocks begin to tell something.
/// </remarks>
internal sealed class NoiseCipher : IDisposable
{
    /// <summary>Messages under one key of AES-GCM.</summary>
    public const ulong MessagesPerKey = 1 << 22;

    private readonly ChaCha20Poly1305? _chaCha;
    private AesGcm? _aes;
    private ulong _counter;

    public NoiseCipher(ReadOnlySpan<byte> key, NoiseCipherSuite suite = NoiseCipherSuite.ChaCha20Poly1305)
    {
        if (suite == NoiseCipherSuite.Aes256Gcm)
        {
            _aes = new AesGcm(key, NoiseConstants.TagBytes);
        }
        else
        {
            _chaCha = new ChaCha20Poly1305(key);
        }
    }

    /// <summary>Encrypts all but the last 16 bytes of <paramref name="message"/> and puts the tag there.</summary>
    public void Seal(Span<byte> message, ReadOnlySpan<byte> associatedData)
    {
        Span<byte> nonce = stackalloc byte[NoiseConstants.NonceBytes];
        WriteNonce(nonce);
        Span<byte> body = message[..^NoiseConstants.TagBytes];
        Span<byte> tag = message[^NoiseConstants.TagBytes..];
        if (_aes is { } aes)
        {
            aes.Encrypt(nonce, body, body, tag, associatedData);
        }
        else
        {
            _chaCha!.Encrypt(nonce, body, body, tag, associatedData);
        }

        Advance();
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
        Span<byte> tag = message[^NoiseConstants.TagBytes..];
        try
        {
            if (_aes is { } aes)
            {
                aes.Decrypt(nonce, body, tag, body, associatedData);
            }
            else
            {
                _chaCha!.Decrypt(nonce, body, tag, body, associatedData);
            }
        }
        catch (AuthenticationTagMismatchException)
        {
            // Once a connection at most: it ends there.
            return false;
        }

        Advance();
        return true;
    }

    public void Dispose()
    {
        _chaCha?.Dispose();
        _aes?.Dispose();
    }

    private void Advance()
    {
        _counter++;
        if (_aes is not null && _counter % MessagesPerKey == 0)
        {
            ChangeKey(_aes);
        }
    }

    /// <summary>REKEY of section 4.2: the next key is the encryption of zeros under the reserved nonce. The counter goes on.</summary>
    private void ChangeKey(AesGcm aes)
    {
        Span<byte> nonce = stackalloc byte[NoiseConstants.NonceBytes];
        nonce[..4].Clear();
        nonce[4..].Fill(0xFF);
        Span<byte> key = stackalloc byte[NoiseConstants.KeyBytes];
        key.Clear();
        Span<byte> tag = stackalloc byte[NoiseConstants.TagBytes];
        aes.Encrypt(nonce, key, key, tag);
        _aes = new AesGcm(key, NoiseConstants.TagBytes);
        CryptographicOperations.ZeroMemory(key);
        aes.Dispose();
    }

    private void WriteNonce(Span<byte> nonce)
    {
        // 2^64-1 is reserved. At a million messages a second it is half a million years away.
        if (_counter == ulong.MaxValue)
        {
            throw new InvalidOperationException("The nonces of this key are used up.");
        }

        nonce[..4].Clear();
        if (_aes is null)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _counter);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], _counter);
        }
    }
}
