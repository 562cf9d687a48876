using System.Security.Cryptography;
using SubnetVpn.Libp2p.Crypto;

namespace SubnetVpn.Libp2p.Keys;

/// <summary>Which keys we accept, and how each kind verifies. Malformed keys and signatures are answers, not exceptions.</summary>
internal static class SignatureVerifier
{
    // go-libp2p refuses keys outside these bounds too: below, they are weak; above, verifying costs us too much.
    private const int MinRsaKeySize = 2048;
    private const int MaxRsaKeySize = 8192;

    // No acceptable key encodes longer than RSA of 8192 bit: 1024 bytes of modulus and its DER frame.
    private const int MaxEncodedLength = 1200;

    private static readonly string[] _ecdsaCurves =
        [ECCurve.NamedCurves.nistP256.Oid.Value!, ECCurve.NamedCurves.nistP384.Oid.Value!, ECCurve.NamedCurves.nistP521.Oid.Value!];

    public static bool IsAcceptable(KeyType type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case KeyType.Ed25519:
                return data.Length == Ed25519.PublicKeyLength;
            case KeyType.Secp256k1:
                return Secp256k1.IsPublicKey(data);
            case KeyType.Rsa:
                using (var rsa = ImportRsa(data))
                {
                    return rsa is not null;
                }

            case KeyType.Ecdsa:
                using (var ecdsa = ImportEcdsa(data))
                {
                    return ecdsa is not null;
                }

            default:
                return false;
        }
    }

    public static bool Verify(KeyType type, ReadOnlySpan<byte> data, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => type switch
    {
        KeyType.Ed25519 => Ed25519.Verify(data, message, signature),
        KeyType.Secp256k1 => Secp256k1.Verify(data, message, signature),
        KeyType.Rsa => VerifyRsa(data, message, signature),
        KeyType.Ecdsa => VerifyEcdsa(data, message, signature),
        _ => false,
    };

    private static bool VerifyRsa(ReadOnlySpan<byte> data, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = ImportRsa(data);
        return key is not null && key.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static bool VerifyEcdsa(ReadOnlySpan<byte> data, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = ImportEcdsa(data);
        return key is not null && key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static RSA? ImportRsa(ReadOnlySpan<byte> data) =>
        Import(RSA.Create(), data) is RSA key && Keep(key, key.KeySize is >= MinRsaKeySize and <= MaxRsaKeySize) ? key : null;

    private static ECDsa? ImportEcdsa(ReadOnlySpan<byte> data) =>
        Import(ECDsa.Create(), data) is ECDsa key && Keep(key, IsKnownCurve(key)) ? key : null;

    // A curve that the sender describes itself is refused: only named ones are known to be sound.
    private static bool IsKnownCurve(ECDsa key)
    {
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && _ecdsaCurves.Contains(curve.Oid.Value);
    }

    private static bool Keep(AsymmetricAlgorithm key, bool acceptable)
    {
        if (!acceptable)
        {
            key.Dispose();
        }

        return acceptable;
    }

    private static AsymmetricAlgorithm? Import(AsymmetricAlgorithm key, ReadOnlySpan<byte> data)
    {
        try
        {
            if (data.Length <= MaxEncodedLength)
            {
                key.ImportSubjectPublicKeyInfo(data, out var read);
                if (read == data.Length)
                {
                    return key;
                }
            }
        }
        catch (Exception exception) when (exception is CryptographicException or NotSupportedException)
        {
            // Not a key, or one on a curve that the platform lacks: the caller's answer is the same as for one that we refuse.
        }

        key.Dispose();
        return null;
    }
}
