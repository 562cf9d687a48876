using System.Runtime.InteropServices;

namespace SubnetVpn.Libp2p.Crypto;

/// <summary>The declarations of OpenSSL 3's libcrypto that we call. See EVP_PKEY_new(3), EVP_PKEY_derive(3), EVP_DigestVerifyInit(3), d2i_PUBKEY(3).</summary>
internal static unsafe partial class LibCrypto
{
    public const string Name = "libcrypto";

    // Numeric ids of key types, from OpenSSL's obj_mac.h.
    public const int X25519 = 1034;
    public const int Ed25519 = 1087;

    static LibCrypto() => LibCryptoLoader.Register(typeof(LibCrypto).Assembly);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial EvpKeyHandle NewRawPublicKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial EvpKeyHandle NewRawPrivateKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetRawPublicKey(EvpKeyHandle key, byte* destination, ref nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Name, EntryPoint = "d2i_PUBKEY")]
    public static partial EvpKeyHandle DecodeSubjectPublicKeyInfo(nint* destination, byte** source, nint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_CTX_new")]
    public static partial EvpKeyContextHandle NewKeyContext(EvpKeyHandle key, nint engine);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_CTX_free")]
    public static partial void FreeKeyContext(nint context);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_derive_init")]
    public static partial int DeriveInit(EvpKeyContextHandle context);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_derive_set_peer")]
    public static partial int DeriveSetPeer(EvpKeyContextHandle context, EvpKeyHandle peer);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_derive")]
    public static partial int Derive(EvpKeyContextHandle context, byte* secret, ref nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_MD_CTX_new")]
    public static partial EvpDigestContextHandle NewDigestContext();

    [LibraryImport(Name, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeDigestContext(nint context);

    [LibraryImport(Name, EntryPoint = "EVP_sha256")]
    public static partial nint Sha256();

    [LibraryImport(Name, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int DigestVerifyInit(EvpDigestContextHandle context, nint* keyContext, nint digest, nint engine, EvpKeyHandle key);

    [LibraryImport(Name, EntryPoint = "EVP_DigestVerify")]
    public static partial int DigestVerify(
        EvpDigestContextHandle context, byte* signature, nuint signatureLength, byte* message, nuint messageLength);

    [LibraryImport(Name, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();
}
