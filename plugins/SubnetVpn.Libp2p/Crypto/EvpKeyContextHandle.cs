using Microsoft.Win32.SafeHandles;

namespace SubnetVpn.Libp2p.Crypto;

/// <summary>Owns an operation with a key (EVP_PKEY_CTX) of OpenSSL.</summary>
internal sealed class EvpKeyContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKeyContext(handle);
        return true;
    }
}
