using System.Security.Cryptography;

namespace SubnetVpn.Libp2p.Crypto;

/// <summary>
/// A key pair for X25519 key agreement (RFC 7748). The private half lives in OpenSSL's memory only and is wiped
/// there on <see cref="Dispose"/>. Reading and agreeing are safe from several threads.
/// </summary>
internal sealed unsafe class X25519KeyPair : IDisposable
{
    public const int KeyLength = 32;

    private readonly EvpKeyHandle _key;
    private readonly byte[] _publicKey;

    private X25519KeyPair(EvpKeyHandle key, byte[] publicKey)
    {
        _key = key;
        _publicKey = publicKey;
    }

    public ReadOnlySpan<byte> PublicKey => _publicKey;

    public static X25519KeyPair Generate()
    {
        Span<byte> privateKey = stackalloc byte[KeyLength];
        RandomNumberGenerator.Fill(privateKey);
        try
        {
            return FromPrivate(privateKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    public static X25519KeyPair FromPrivate(ReadOnlySpan<byte> privateKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(privateKey.Length, KeyLength, nameof(privateKey));

        fixed (byte* source = privateKey)
        {
            var key = LibCrypto.NewRawPrivateKey(LibCrypto.X25519, 0, source, KeyLength);
            var publicKey = new byte[KeyLength];
            var length = (nuint)KeyLength;
            fixed (byte* destination = publicKey)
            {
                if (!key.IsInvalid && LibCrypto.GetRawPublicKey(key, destination, ref length) == 1)
                {
                    return new X25519KeyPair(key, publicKey);
                }
            }

            LibCrypto.ClearErrors();
            key.Dispose();
            throw new CryptoLibraryException("OpenSSL has no X25519: version 3 or later is needed, without a provider that removes it.");
        }
    }

    /// <summary>
    /// Writes the 32 bytes that both sides share. False when the peer's key is one of the few that lead to the same
    /// secret for everybody (RFC 7748 section 6.1: the all-zero check); the destination is then all zero.
    /// </summary>
    public bool TryAgree(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, KeyLength, nameof(secret));
        secret.Clear();
        if (peerPublicKey.Length != KeyLength)
        {
            return false;
        }

        fixed (byte* peerPointer = peerPublicKey, secretPointer = secret)
        {
            using var peer = LibCrypto.NewRawPublicKey(LibCrypto.X25519, 0, peerPointer, KeyLength);
            using var context = LibCrypto.NewKeyContext(_key, 0);
            var length = (nuint)KeyLength;
            if (!peer.IsInvalid && !context.IsInvalid && LibCrypto.DeriveInit(context) == 1 &&
                LibCrypto.DeriveSetPeer(context, peer) == 1 && LibCrypto.Derive(context, secretPointer, ref length) == 1 &&
                length == KeyLength && !CryptographicOperations.FixedTimeEquals(secret, stackalloc byte[KeyLength]))
            {
                return true;
            }
        }

        LibCrypto.ClearErrors();
        secret.Clear();
        return false;
    }

    public void Dispose() => _key.Dispose();
}
