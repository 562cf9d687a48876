namespace SubnetVpn.Libp2p.Crypto;

/// <summary>Verifies one signature with a key of OpenSSL.</summary>
internal static unsafe class SignatureCheck
{
    public static bool Verify(EvpKeyHandle key, nint digest, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var context = LibCrypto.NewDigestContext();
        if (context.IsInvalid || LibCrypto.DigestVerifyInit(context, null, digest, 0, key) != 1)
        {
            LibCrypto.ClearErrors();
            throw new CryptoLibraryException("OpenSSL could not begin to verify a signature.");
        }

        fixed (byte* messagePointer = message, signaturePointer = signature)
        {
            if (LibCrypto.DigestVerify(context, signaturePointer, (nuint)signature.Length, messagePointer, (nuint)message.Length) == 1)
            {
                return true;
            }
        }

        // A refused signature leaves its reason in the thread's queue, where the next user of OpenSSL would find it.
        LibCrypto.ClearErrors();
        return false;
    }
}
