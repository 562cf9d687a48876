namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>Ed25519 by OpenSSL's libcrypto, for strategies and for whoever verifies what nodes signed.</summary>
/// <exception cref="IdentityException">Its methods throw it when there is no OpenSSL 3 (<see cref="IdentityFault.CryptoUnavailable"/>).</exception>
public sealed unsafe class Ed25519Signatures : IEd25519
{
    /// <inheritdoc/>
    public byte[] GetPublicKey(ReadOnlySpan<byte> seed)
    {
        using var key = Ed25519SigningKey.FromSeed(seed);
        return key.PublicKey.ToArray();
    }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> data)
    {
        using var key = Ed25519SigningKey.FromSeed(seed);
        return key.Sign(data);
    }

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != Ed25519SigningKey.PublicKeyLength || signature.Length != Ed25519SigningKey.SignatureLength)
            return false;
        fixed (byte* keyBytes = publicKey, dataBytes = data, signatureBytes = signature)
        {
            using var key = LibCrypto.NewRawPublicKey(LibCrypto.Ed25519, 0, keyBytes, (nuint)publicKey.Length);
            using var context = LibCrypto.NewContext();
            var isValid = !key.IsInvalid && !context.IsInvalid && LibCrypto.DigestVerifyInit(context, null, 0, 0, key) == 1 &&
                LibCrypto.DigestVerify(context, signatureBytes, (nuint)signature.Length, dataBytes, (nuint)data.Length) == 1;
            if (!isValid)
                LibCrypto.ClearErrors();
            return isValid;
        }
    }
}
