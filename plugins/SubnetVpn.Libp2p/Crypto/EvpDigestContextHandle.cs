using Microsoft.Win32.SafeHandles;

namespace SubnetVpn.Libp2p.Crypto;

/// <summary>Owns a digest or signature in progress (EVP_MD_CTX) of OpenSSL.</summary>
internal sealed class EvpDigestContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeDigestContext(handle);
        return true;
    }
}
