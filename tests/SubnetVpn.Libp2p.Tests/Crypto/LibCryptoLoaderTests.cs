using SubnetVpn.Libp2p.Crypto;

namespace SubnetVpn.Libp2p.Tests.Crypto;

public class LibCryptoLoaderTests
{
    [Fact]
    public void Load_NoneFound_SaysWhatWasLookedForAndHowToMend()
    {
        var exception = Assert.Throws<CryptoLibraryException>(
            () => LibCryptoLoader.Load(["libcrypto-none-1", "libcrypto-none-2"], typeof(LibCryptoLoaderTests).Assembly, searchPath: null));

        Assert.Contains("libcrypto-none-1, libcrypto-none-2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Install", exception.Message, StringComparison.Ordinal);
    }
}
