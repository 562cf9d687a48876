using System.Runtime.InteropServices;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>
/// The declarations of OpenSSL 3's libcrypto that signing with Ed25519 needs, which the class library lacks.
/// See EVP_PKEY_new(3) and EVP_DigestSignInit(3).
/// </summary>
internal static unsafe partial class LibCrypto
{
    // The numeric id of the key type, from OpenSSL's obj_mac.h.
    public const int Ed25519 = 1087;

    private const string Name = "libcrypto";

    private static readonly string[] _fileNames = OperatingSystem.IsWindows()
        ? [RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "libcrypto-3-arm64.dll" : "libcrypto-3-x64.dll", "libcrypto-3.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib"]
            : ["libcrypto.so.3"];

    static LibCrypto() => NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, static (name, assembly, searchPath) =>
    {
        if (name != Name)
        {
            return 0;
        }

        foreach (var fileName in _fileNames)
        {
            if (NativeLibrary.TryLoad(fileName, assembly, searchPath, out var handle))
            {
                return handle;
            }
        }

        throw new IdentityException(
            IdentityFault.CryptoUnavailable,
            $"OpenSSL 3 was not found (looked for {string.Join(", ", _fileNames)}). Install it (Debian: libssl3, Alpine: libcrypto3, " +
            "macOS: brew install openssl@3, Windows: put its DLL beside the executable).");
    });

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial SigningKeyHandle NewRawPrivateKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetRawPublicKey(SigningKeyHandle key, byte* destination, ref nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_get_raw_private_key")]
    public static partial int GetRawPrivateKey(SigningKeyHandle key, byte* destination, ref nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Name, EntryPoint = "EVP_MD_CTX_new")]
    public static partial SigningContextHandle NewContext();

    [LibraryImport(Name, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Name, EntryPoint = "EVP_DigestSignInit")]
    public static partial int DigestSignInit(SigningContextHandle context, nint* keyContext, nint digest, nint engine, SigningKeyHandle key);

    [LibraryImport(Name, EntryPoint = "EVP_DigestSign")]
    public static partial int DigestSign(SigningContextHandle context, byte* signature, ref nuint signatureLength, byte* data, nuint dataLength);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial SigningKeyHandle NewRawPublicKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int DigestVerifyInit(SigningContextHandle context, nint* keyContext, nint digest, nint engine, SigningKeyHandle key);

    [LibraryImport(Name, EntryPoint = "EVP_DigestVerify")]
    public static partial int DigestVerify(SigningContextHandle context, byte* signature, nuint signatureLength, byte* data, nuint dataLength);

    [LibraryImport(Name, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();
}
