using SubnetVpn.Libp2p.Crypto;

namespace SubnetVpn.Libp2p.Tests.Crypto;

public class Ed25519Tests
{
    public static TheoryData<string, string, string> Vectors =>
        [.. Ed25519Vectors.All.Select(vector => (vector.PublicKey, vector.Message, vector.Signature))];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Verify_Vector_Holds(string publicKey, string message, string signature)
    {
        Assert.True(Ed25519.Verify(Hex.Bytes(publicKey), Hex.Bytes(message), Hex.Bytes(signature)));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Verify_AnyBitOfTheSignatureChanged_Fails(string publicKey, string message, string signature)
    {
        for (var bit = 0; bit < 512; bit++)
        {
            var changed = Hex.Bytes(signature);
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(Ed25519.Verify(Hex.Bytes(publicKey), Hex.Bytes(message), changed));
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Verify_OtherMessage_Fails(string publicKey, string message, string signature)
    {
        Assert.False(Ed25519.Verify(Hex.Bytes(publicKey), [.. Hex.Bytes(message), 0], Hex.Bytes(signature)));
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(31, 64)]
    [InlineData(33, 64)]
    [InlineData(32, 0)]
    [InlineData(32, 63)]
    [InlineData(32, 65)]
    public void Verify_WrongLength_Fails(int keyLength, int signatureLength)
    {
        Assert.False(Ed25519.Verify(new byte[keyLength], [], new byte[signatureLength]));
    }

    [Fact]
    public void Verify_Noise_NeverThrowsNorHolds()
    {
        var random = new Random(4);
        var key = new byte[32];
        var signature = new byte[64];
        for (var round = 0; round < 500; round++)
        {
            random.NextBytes(key);
            random.NextBytes(signature);

            Assert.False(Ed25519.Verify(key, key, signature));
        }
    }
}
