namespace SubnetVpn.Libp2p.Crypto;

/// <summary>Verifies Ed25519 signatures (RFC 8032, the pure variant).</summary>
internal static unsafe class Ed25519
{
    public const int PublicKeyLength = 32;
    public const int SignatureLength = 64;

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeyLength || signature.Length != SignatureLength)
        {
            return false;
        }

        fixed (byte* pointer = publicKey)
        {
            using var key = LibCrypto.NewRawPublicKey(LibCrypto.Ed25519, 0, pointer, PublicKeyLength);
            if (key.IsInvalid)
            {
                LibCrypto.ClearErrors();
                return false;
            }

            return SignatureCheck.Verify(key, digest: 0, message, signature);
        }
    }
}
