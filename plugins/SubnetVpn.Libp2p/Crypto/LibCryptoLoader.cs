using System.Reflection;
using System.Runtime.InteropServices;

namespace SubnetVpn.Libp2p.Crypto;

/// <summary>Finds OpenSSL 3's libcrypto under the names that the platforms give it.</summary>
internal static class LibCryptoLoader
{
    private static readonly string[] _names = OperatingSystem.IsWindows()
        ? [RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "libcrypto-3-arm64.dll" : "libcrypto-3-x64.dll", "libcrypto-3.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib"]
            : ["libcrypto.so.3"];

    /// <summary>Loads the library for the declarations of <paramref name="assembly"/>. To be called once for an assembly.</summary>
    public static void Register(Assembly assembly) =>
        NativeLibrary.SetDllImportResolver(assembly, static (name, assembly, searchPath) =>
            name == LibCrypto.Name ? Load(_names, assembly, searchPath) : 0);

    internal static nint Load(IReadOnlyList<string> names, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, assembly, searchPath, out var handle))
            {
                return handle;
            }
        }

        throw new CryptoLibraryException(
            $"OpenSSL 3 was not found (looked for {string.Join(", ", names)}). Install it (Debian: libssl3, Alpine: libcrypto3, " +
            "macOS: brew install openssl@3, Windows: put its DLL beside the executable).");
    }
}
