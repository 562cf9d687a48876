using Microsoft.Win32.SafeHandles;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>Owns a private key of OpenSSL (EVP_PKEY), which wipes it when it is freed.</summary>
internal sealed class SigningKeyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
