using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Tests.Keys;

public class PeerIdTests
{
    // Keys: libp2p specification, peer-ids/peer-ids.md. Ids: computed from them by an independent script after the same text.
    public static TheoryData<string, string, string> Vectors => new()
    {
        { KeyVectors.RsaPublic, "QmaeANgBs1DTSxWSrPPtobgQuxW8XTfsS4ydbK4rCHzqxG", "bafzbeifwzcumbiyql7bhv7fe7mixg6i7aohegq75k234m63bnw6dbicmzu" },
        { KeyVectors.Ed25519Public, "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq", "bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6" },
        { KeyVectors.Secp256k1Public, "16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY", "bafzaajiiaijcca3xo7uzjzcsyilaj6i54cj44qk7kqzpoao5rti2pjx6udtdbp6kte" },
        { KeyVectors.EcdsaPublic, "QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk", "bafzbeidigywdclqvl5hxfefwp5onbffcfife7pza57mmfb4tiqmtkdjw64" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void FromPublicKey_EachKind_GivesBothTextForms(string publicKey, string base58, string cid)
    {
        Assert.True(PublicKey.TryFromProtobuf(Hex.Bytes(publicKey), out var key));

        var id = PeerId.FromPublicKey(key);

        Assert.Equal(base58, id.ToString());
        Assert.Equal(cid, id.ToCidString());
        Assert.Equal(id, PeerId.Parse(base58));
        Assert.Equal(id, PeerId.Parse(cid));
        Assert.Equal(id.GetHashCode(), PeerId.Parse(cid).GetHashCode());
    }

    // libp2p specification, peer-ids/peer-ids.md (the first three); go-multiaddr, multiaddr_test.go (base36).
    [Theory]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N")]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA")]
    [InlineData("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe")]
    [InlineData("k2k4r8oqamigqdo6o7hsbfwd45y70oyynp98usk7zmyfrzpqxh1pohl7")]
    public void TryParse_KnownId_ReadsBackFromBothForms(string text)
    {
        Assert.True(PeerId.TryParse(text, out var id));

        Assert.Equal(id, PeerId.Parse(id.ToString()));
        Assert.Equal(id, PeerId.Parse(id.ToCidString()));
        Assert.True(PeerId.TryFromBytes(id.Bytes, out var same));
        Assert.True(id == same);
    }

    [Fact]
    public void TryParse_BothFormsOfOneId_AreEqual()
    {
        // The two are named as one id in the libp2p specification, peer-ids/peer-ids.md.
        Assert.Equal(
            PeerId.Parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"),
            PeerId.Parse("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"));
    }

    // The last five: go-multiaddr, multiaddr_test.go (digest too long, broken base36, unknown base, another codec).
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("Qm")]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S")]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SAA")]
    [InlineData("12D3KooW0OIl")]
    [InlineData("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy")]
    [InlineData("QmxoHT6iViN5xAjoz1VZ553cL31U9F94ht3QvWR1FrEbZY")]
    [InlineData("k2k4r8oqamigqdo6o7hsbfwd45y70oyynp98usk7zmyfrzpqxh1pohl-")]
    [InlineData("?unknownmultibase")]
    [InlineData("k2jmtxwoe2phm1hbqp0e7nufqf6umvuu2e9qd7ana7h411a0haqj6i2z")]
    public void TryParse_OtherText_IsRefused(string? text)
    {
        Assert.False(PeerId.TryParse(text, out var id));
        Assert.True(id.IsEmpty);
    }

    [Fact]
    public void TryParse_EndlessText_IsRefused()
    {
        Assert.False(PeerId.TryParse(new string('1', 1_000_000), out _));
    }

    [Fact]
    public void Parse_OtherText_ThrowsAndNamesIt()
    {
        Assert.Contains("nobody", Assert.Throws<FormatException>(() => PeerId.Parse("nobody")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("1114da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("121f" + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8")]
    [InlineData("1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85500")]
    public void TryFromBytes_NoHashOfAKey_IsRefused(string hex)
    {
        Assert.False(PeerId.TryFromBytes(Hex.Bytes(hex), out _));
    }

    [Fact]
    public void TryFromBytes_Noise_NeverThrows()
    {
        foreach (var bytes in RandomBytes.Noise(seed: 7, count: 10_000, maxLength: 50))
        {
            // Give the noise a chance to get past the prefix.
            if (bytes.Length > 2)
            {
                (bytes[0], bytes[1]) = (0, (byte)(bytes.Length - 2));
            }

            if (PeerId.TryFromBytes(bytes, out var id))
            {
                id.TryGetPublicKey(out _);
                Assert.Equal(id, PeerId.Parse(id.ToString()));
            }
        }
    }

    [Fact]
    public void TryGetPublicKey_ShortKey_GivesIt()
    {
        Assert.True(PublicKey.TryFromProtobuf(Hex.Bytes(KeyVectors.Ed25519Public), out var key));

        Assert.True(PeerId.FromPublicKey(key).TryGetPublicKey(out var back));

        Assert.Equal(key, back);
    }

    [Fact]
    public void TryGetPublicKey_HashedKey_GivesNothing()
    {
        Assert.True(PublicKey.TryFromProtobuf(Hex.Bytes(KeyVectors.RsaPublic), out var key));

        Assert.False(PeerId.FromPublicKey(key).TryGetPublicKey(out _));
    }

    [Fact]
    public void TryGetPublicKey_OtherEncodingOfAKey_GivesNothing()
    {
        // The type twice: a parser reads the same key, but its id is another.
        Assert.True(PeerId.TryFromBytes(Hex.Bytes("0026" + "0801" + KeyVectors.Ed25519Public), out var id));

        Assert.False(id.TryGetPublicKey(out _));
    }

    [Fact]
    public void Default_AnyMember_NamesNoPeer()
    {
        var id = default(PeerId);

        Assert.True(id.IsEmpty);
        Assert.Empty(id.ToString());
        Assert.Empty(id.ToCidString());
        Assert.True(id.Bytes.IsEmpty);
        Assert.False(id.TryGetPublicKey(out _));
        Assert.NotEqual(id, PeerId.Parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"));
    }
}
