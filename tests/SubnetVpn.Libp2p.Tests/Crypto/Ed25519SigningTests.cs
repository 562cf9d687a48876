using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Libp2p.Crypto;

namespace SubnetVpn.Libp2p.Tests.Crypto;

/// <summary>The node signs in one assembly, peers are verified in another: both against the vectors, and against each other.</summary>
public class Ed25519SigningTests
{
    public static TheoryData<string, string, string, string, string> Vectors => [.. Ed25519Vectors.All];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Sign_Vector_GivesItsKeyAndSignature(string name, string seed, string publicKey, string message, string signature)
    {
        using var key = Ed25519SigningKey.FromSeed(Hex.Bytes(seed));

        Assert.Equal(publicKey, Hex.Text(key.PublicKey.Span));
        Assert.True(signature == Hex.Text(key.Sign(Hex.Bytes(message))), name);
    }

    [Fact]
    public void Sign_GeneratedKey_IsVerified()
    {
        using var key = Ed25519SigningKey.Generate();
        var random = new Random(8);
        for (var length = 0; length < 300; length++)
        {
            var message = new byte[length];
            random.NextBytes(message);

            Assert.True(Ed25519.Verify(key.PublicKey.Span, message, key.Sign(message)));
        }
    }

    [Fact]
    public void ExportSeed_GeneratedKey_MakesTheSameKey()
    {
        using var key = Ed25519SigningKey.Generate();
        var seed = new byte[Ed25519SigningKey.SeedLength];

        key.ExportSeed(seed);

        using var same = Ed25519SigningKey.FromSeed(seed);
        Assert.Equal(key.PublicKey.ToArray(), same.PublicKey.ToArray());
    }
}
