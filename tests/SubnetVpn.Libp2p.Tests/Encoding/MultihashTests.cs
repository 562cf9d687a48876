using System.Security.Cryptography;
using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Tests.Encoding;

public class MultihashTests
{
    // multiformats/multihash, tests/values/test_cases.csv: the digests of the empty input.
    [Theory]
    [InlineData(0x11UL, "1114da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData(0x12UL, "120ae3b0c44298fc1c149afb")]
    [InlineData(0x12UL, "1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(0x13UL, "1320cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce")]
    public void TryRead_Vector_GivesCodeAndDigest(ulong code, string hex)
    {
        var valid = Multihash.TryRead(Hex.Bytes(hex), out var readCode, out var digest);

        Assert.True(valid);
        Assert.Equal(code, readCode);
        Assert.Equal(hex[4..], Hex.Text(digest));
        Assert.Equal(hex, Hex.Text(Multihash.Create(readCode, digest)));
    }

    [Fact]
    public void Create_Sha256OfNothing_MatchesVector()
    {
        Assert.Equal(
            "1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            Hex.Text(Multihash.Create(Multihash.Sha256, SHA256.HashData([]))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("1220")]
    [InlineData("120ae3b0c44298fc1c149a")]
    [InlineData("120ae3b0c44298fc1c149afbff")]
    [InlineData("12ffffffffffffffff7f00")]
    public void TryRead_WrongLength_IsRefused(string hex)
    {
        Assert.False(Multihash.TryRead(Hex.Bytes(hex), out _, out _));
    }
}
