using System.Security.Cryptography;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>
/// An Ed25519 key that signs (RFC 8032, the pure variant). The private half lives in OpenSSL's memory, which wipes it
/// on disposal. Thread-safe.
/// </summary>
internal sealed unsafe class Ed25519SigningKey : IDisposable
{
    public const int SeedLength = 32;
    public const int PublicKeyLength = 32;
    public const int SignatureLength = 64;

    private readonly SigningKeyHandle _key;
    private readonly byte[] _publicKey;

    private Ed25519SigningKey(SigningKeyHandle key, byte[] publicKey)
    {
        _key = key;
        _publicKey = publicKey;
    }

    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    public static Ed25519SigningKey Generate()
    {
        Span<byte> seed = stackalloc byte[SeedLength];
        RandomNumberGenerator.Fill(seed);
        try
        {
            return FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The key that RFC 8032 derives from 32 secret bytes.</summary>
    public static Ed25519SigningKey FromSeed(ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedLength, nameof(seed));

        var publicKey = new byte[PublicKeyLength];
        var length = (nuint)PublicKeyLength;
        fixed (byte* source = seed, destination = publicKey)
        {
            var key = LibCrypto.NewRawPrivateKey(LibCrypto.Ed25519, 0, source, SeedLength);
            if (!key.IsInvalid && LibCrypto.GetRawPublicKey(key, destination, ref length) == 1)
            {
                return new Ed25519SigningKey(key, publicKey);
            }

            key.Dispose();
            throw Refused("has no Ed25519");
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signature = new byte[SignatureLength];
        var length = (nuint)SignatureLength;
        using var context = LibCrypto.NewContext();
        fixed (byte* source = data, destination = signature)
        {
            return !context.IsInvalid && LibCrypto.DigestSignInit(context, null, 0, 0, _key) == 1 &&
                LibCrypto.DigestSign(context, destination, ref length, source, (nuint)data.Length) == 1
                    ? signature
                    : throw Refused("did not sign");
        }
    }

    /// <summary>Writes the 32 secret bytes; the caller wipes them.</summary>
    public void ExportSeed(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, SeedLength, nameof(destination));

        var length = (nuint)SeedLength;
        fixed (byte* pointer = destination)
        {
            if (LibCrypto.GetRawPrivateKey(_key, pointer, ref length) != 1)
            {
                throw Refused("did not give out a key");
            }
        }
    }

    public void Dispose() => _key.Dispose();

    private static IdentityException Refused(string what)
    {
        LibCrypto.ClearErrors();
        return new IdentityException(
            IdentityFault.CryptoUnavailable,
            $"OpenSSL {what}. Version 3 or later is needed, with its default provider (see openssl list -providers).");
    }
}
