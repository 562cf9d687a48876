using System.Security.Cryptography;

namespace SubnetVpn.Core.Hosting.Tests.Identity;

public sealed class NetworkKeyTests
{
    private static readonly byte[] s_secret = RandomNumberGenerator.GetBytes(NetworkKey.SecretLength);

    [Fact]
    public void Derive_IsTheSameForTheSameSecretAndPurposeOnly()
    {
        var key = NetworkKey.FromSecret(s_secret);
        Assert.Equal(Derive(key, "a"), Derive(NetworkKey.FromSecret(s_secret), "a"));
        Assert.NotEqual(Derive(key, "a"), Derive(key, "b"));
        Assert.NotEqual(Derive(key, "a"), Derive(NetworkKey.FromSecret(RandomNumberGenerator.GetBytes(32)), "a"));
        Assert.NotEqual(Derive(NetworkKey.Open("one"), "a"), Derive(NetworkKey.Open("two"), "a"));
    }

    [Fact]
    public void Equality_IsByWhatItHolds_AndTheTextShowsNothing()
    {
        Assert.Equal(NetworkKey.FromSecret(s_secret), NetworkKey.FromSecret(s_secret));
        Assert.NotEqual(NetworkKey.FromSecret(s_secret), NetworkKey.Open("default"));
        Assert.Equal("secret", NetworkKey.FromSecret(s_secret).ToString());
        Assert.Equal("open", NetworkKey.Open("default").ToString());
    }

    [Fact]
    public void FromSecret_OfAnotherLength_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => NetworkKey.FromSecret(new byte[16]));

    private static byte[] Derive(NetworkKey key, string purpose)
    {
        var derived = new byte[32];
        key.Derive(purpose, derived);
        return derived;
    }
}
