using System.Security.Cryptography;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Tests.Keys;

public class PublicKeyTests
{
    private static readonly byte[] _message = "a message"u8.ToArray();

    public static TheoryData<KeyType, string> Vectors => new()
    {
        { KeyType.Rsa, KeyVectors.RsaPublic },
        { KeyType.Ed25519, KeyVectors.Ed25519Public },
        { KeyType.Secp256k1, KeyVectors.Secp256k1Public },
        { KeyType.Ecdsa, KeyVectors.EcdsaPublic },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void TryFromProtobuf_SpecificationVector_EncodesBackTheSame(KeyType type, string hex)
    {
        var valid = PublicKey.TryFromProtobuf(Hex.Bytes(hex), out var key);

        Assert.True(valid);
        Assert.Equal(type, key!.Type);
        Assert.Equal(hex, Hex.Text(key.ToProtobuf()));
    }

    [Fact]
    public void ToProtobuf_Rsa_WritesTheTypeAlthoughItIsZero()
    {
        Assert.True(PublicKey.TryFromProtobuf(Hex.Bytes(KeyVectors.RsaPublic), out var key));

        Assert.StartsWith("080012", Hex.Text(key.ToProtobuf()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0801")]
    [InlineData("08011220")]
    [InlineData("12201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e")]
    [InlineData("0801121f1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce2")]
    [InlineData("080412201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e")]
    [InlineData("08001200")]
    [InlineData("08031200")]
    [InlineData("08021221057777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99")]
    public void TryFromProtobuf_MissingFieldOrWrongKey_IsRefused(string hex)
    {
        Assert.False(PublicKey.TryFromProtobuf(Hex.Bytes(hex), out _));
    }

    [Fact]
    public void TryFromProtobuf_CoordinateWithoutPoint_IsRefused()
    {
        // x = 5 has no y on secp256k1: 5^3 + 7 is no square modulo its prime.
        Assert.False(PublicKey.TryFromProtobuf(Hex.Bytes("0802122102" + new string('0', 63) + "5"), out _));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void TryFromProtobuf_DamagedVector_NeverThrows(KeyType type, string hex)
    {
        foreach (var bytes in RandomBytes.Mutations(seed: (int)type, count: 2_000, Hex.Bytes(hex)))
        {
            if (PublicKey.TryFromProtobuf(bytes, out var key))
            {
                Assert.False(key.Verify(_message, bytes));
                Assert.True(PublicKey.TryFromProtobuf(key.ToProtobuf(), out var again));
                Assert.Equal(key, again);
            }
        }
    }

    [Fact]
    public void TryFromProtobuf_Noise_NeverThrows()
    {
        foreach (var bytes in RandomBytes.Noise(seed: 5, count: 5_000, maxLength: 100))
        {
            PublicKey.TryFromProtobuf(bytes, out _);
        }
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(2040, false)]
    [InlineData(2048, true)]
    public void TryCreate_RsaOfSomeSize_IsRefusedBelow2048Bit(int size, bool accepted)
    {
        using var rsa = RSA.Create(size);

        Assert.Equal(accepted, PublicKey.TryCreate(KeyType.Rsa, rsa.ExportSubjectPublicKeyInfo(), out _));
    }

    [Fact]
    public void TryCreate_BytesAfterTheKey_IsRefused()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.False(PublicKey.TryCreate(KeyType.Ecdsa, [.. ecdsa.ExportSubjectPublicKeyInfo(), 0], out _));
    }

    [Fact]
    public void TryCreate_EcdsaOnUncommonCurve_IsRefused()
    {
        using var ecdsa = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));

        Assert.False(PublicKey.TryCreate(KeyType.Ecdsa, ecdsa.ExportSubjectPublicKeyInfo(), out _));
    }

    [Fact]
    public void TryCreate_EcdsaWithOwnCurveParameters_IsRefused()
    {
        var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportExplicitParameters(includePrivateParameters: false).Curve;
        using var ecdsa = ECDsa.Create(curve);

        Assert.False(PublicKey.TryCreate(KeyType.Ecdsa, ecdsa.ExportSubjectPublicKeyInfo(), out _));
    }

    [Fact]
    public void Verify_Rsa_HoldsForItsSignatureOnly()
    {
        using var rsa = RSA.Create(2048);
        Assert.True(PublicKey.TryCreate(KeyType.Rsa, rsa.ExportSubjectPublicKeyInfo(), out var key));

        CheckSignature(key, rsa.SignData(_message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void Verify_Ecdsa_HoldsForItsSignatureOnly()
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportECPrivateKey(Hex.Bytes(KeyVectors.EcdsaPrivate).AsSpan(4), out _);
        Assert.True(PublicKey.TryFromProtobuf(Hex.Bytes(KeyVectors.EcdsaPublic), out var key));

        CheckSignature(key, ecdsa.SignData(_message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public void Verify_Secp256k1_HoldsForItsSignatureOnly()
    {
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.CreateFromFriendlyName("secp256k1"),
            D = Hex.Bytes(KeyVectors.Secp256k1Private)[4..],
        });
        Assert.True(PublicKey.TryFromProtobuf(Hex.Bytes(KeyVectors.Secp256k1Public), out var key));

        CheckSignature(key, ecdsa.SignData(_message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public void ToString_AnyKey_ShowsKindAndId()
    {
        Assert.True(PublicKey.TryFromProtobuf(Hex.Bytes(KeyVectors.Ed25519Public), out var key));

        Assert.Equal("Ed25519 12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq", key.ToString());
    }

    private static void CheckSignature(PublicKey key, byte[] signature)
    {
        Assert.True(key.Verify(_message, signature));
        Assert.False(key.Verify("another message"u8, signature));
        Assert.False(key.Verify(_message, []));
        Assert.False(key.Verify(_message, signature.AsSpan(1)));
        foreach (var damaged in RandomBytes.Mutations(seed: 6, count: 100, signature).Where(bytes => !bytes.AsSpan().SequenceEqual(signature)))
        {
            Assert.False(key.Verify(_message, damaged));
        }
    }
}
