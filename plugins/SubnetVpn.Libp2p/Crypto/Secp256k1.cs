namespace SubnetVpn.Libp2p.Crypto;

/// <summary>
/// Verifies ECDSA signatures on secp256k1 with SHA-256. The key comes as a compressed point, which the class library
/// cannot read (and on macOS it has no such curve), so this goes to OpenSSL.
/// </summary>
internal static unsafe class Secp256k1
{
    public const int PublicKeyLength = 33;

    // SEQUENCE { SEQUENCE { id-ecPublicKey, secp256k1 }, BIT STRING } up to the point: RFC 5480 section 2.
    private static ReadOnlySpan<byte> SubjectPublicKeyInfoPrefix =>
    [
        0x30, 0x36, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A, 0x03, 0x22, 0x00,
    ];

    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey)
    {
        using var key = Import(publicKey);
        return key is not null;
    }

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> derSignature)
    {
        using var key = Import(publicKey);
        return key is not null && SignatureCheck.Verify(key, LibCrypto.Sha256(), message, derSignature);
    }

    private static EvpKeyHandle? Import(ReadOnlySpan<byte> publicKey)
    {
        // The first byte of a compressed point is 2 or 3, by the parity of the other coordinate.
        if (publicKey.Length != PublicKeyLength || publicKey[0] is not (2 or 3))
        {
            return null;
        }

        Span<byte> encoded = stackalloc byte[SubjectPublicKeyInfoPrefix.Length + PublicKeyLength];
        SubjectPublicKeyInfoPrefix.CopyTo(encoded);
        publicKey.CopyTo(encoded[SubjectPublicKeyInfoPrefix.Length..]);

        fixed (byte* pointer = encoded)
        {
            var source = pointer;
            var key = LibCrypto.DecodeSubjectPublicKeyInfo(null, &source, encoded.Length);
            if (!key.IsInvalid)
            {
                return key;
            }

            // No point of the curve has this coordinate.
            LibCrypto.ClearErrors();
            key.Dispose();
            return null;
        }
    }
}
