using Microsoft.Win32.SafeHandles;

namespace SubnetVpn.Libp2p.Crypto;

/// <summary>Owns a key (EVP_PKEY) of OpenSSL.</summary>
internal sealed class EvpKeyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
