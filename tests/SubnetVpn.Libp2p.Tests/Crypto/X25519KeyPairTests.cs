using SubnetVpn.Libp2p.Crypto;

namespace SubnetVpn.Libp2p.Tests.Crypto;

public class X25519KeyPairTests
{
    // RFC 7748 section 5.2.
    [Theory]
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void TryAgree_Vector_GivesItsOutput(string scalar, string coordinate, string expected)
    {
        using var pair = X25519KeyPair.FromPrivate(Hex.Bytes(scalar));
        var secret = new byte[32];

        Assert.True(pair.TryAgree(Hex.Bytes(coordinate), secret));

        Assert.Equal(expected, Hex.Text(secret));
    }

    // RFC 7748 section 5.2, the iterated test: each result is the next scalar, each scalar the next coordinate.
    [Fact]
    public void TryAgree_ThousandIterations_GivesItsOutput()
    {
        var scalar = Hex.Bytes("0900000000000000000000000000000000000000000000000000000000000000");
        var coordinate = (byte[])scalar.Clone();
        for (var iteration = 1; iteration <= 1000; iteration++)
        {
            using var pair = X25519KeyPair.FromPrivate(scalar);
            var result = new byte[32];
            Assert.True(pair.TryAgree(coordinate, result));
            (coordinate, scalar) = (scalar, result);
            if (iteration == 1)
            {
                Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Hex.Text(result));
            }
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Hex.Text(scalar));
    }

    // RFC 7748 section 6.1.
    [Fact]
    public void TryAgree_BothSides_ShareTheSecret()
    {
        using var alice = X25519KeyPair.FromPrivate(Hex.Bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        using var bob = X25519KeyPair.FromPrivate(Hex.Bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        var first = new byte[32];
        var second = new byte[32];

        Assert.True(alice.TryAgree(bob.PublicKey, first));
        Assert.True(bob.TryAgree(alice.PublicKey, second));

        Assert.Equal("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", Hex.Text(alice.PublicKey));
        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Hex.Text(bob.PublicKey));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Hex.Text(first));
        Assert.Equal(first, second);
    }

    // Points of small order: whatever the scalar, the result is zero (RFC 7748 section 6.1). The list: https://cr.yp.to/ecdh.html.
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void TryAgree_PointOfSmallOrder_IsRefused(string coordinate)
    {
        using var pair = X25519KeyPair.Generate();
        var secret = new byte[32];
        secret.AsSpan().Fill(7);

        Assert.False(pair.TryAgree(Hex.Bytes(coordinate), secret));

        Assert.All(secret, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void TryAgree_KeyOfWrongLength_IsRefused(int length)
    {
        using var pair = X25519KeyPair.Generate();

        Assert.False(pair.TryAgree(new byte[length], new byte[32]));
    }

    [Fact]
    public void Generate_Twice_GivesDifferentKeysThatAgree()
    {
        using var first = X25519KeyPair.Generate();
        using var second = X25519KeyPair.Generate();
        var one = new byte[32];
        var other = new byte[32];

        Assert.False(first.PublicKey.SequenceEqual(second.PublicKey));
        Assert.True(first.TryAgree(second.PublicKey, one));
        Assert.True(second.TryAgree(first.PublicKey, other));
        Assert.Equal(one, other);
    }

    [Fact]
    public void TryAgree_AfterDispose_Throws()
    {
        var pair = X25519KeyPair.Generate();
        pair.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pair.TryAgree(new byte[32], new byte[32]));
    }
}
