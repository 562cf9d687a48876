using SubnetVpn.Libp2p.Crypto;

namespace SubnetVpn.Libp2p.Tests.Crypto;

public class Ed25519Tests
{
    // RFC 8032 section 7.1: TEST 1, TEST 2, TEST 3 and TEST SHA(abc).
    public static TheoryData<string, string, string> Vectors => new()
    {
        {
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
        {
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        },
    };

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
