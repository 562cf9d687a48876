using Microsoft.Win32.SafeHandles;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>Owns a signature in progress of OpenSSL (EVP_MD_CTX).</summary>
internal sealed class SigningContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeContext(handle);
        return true;
    }
}
