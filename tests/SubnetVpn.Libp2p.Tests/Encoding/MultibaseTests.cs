using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Tests.Encoding;

public class MultibaseTests
{
    // multiformats/multibase, tests/basic.csv: "yes mani !".
    [Theory]
    [InlineData("f796573206d616e692021")]
    [InlineData("bpfsxgidnmfxgsibb")]
    [InlineData("k2lcpzo5yikidynfl")]
    [InlineData("z7paNL19xttacUY")]
    [InlineData("ueWVzIG1hbmkgIQ")]
    public void TryDecode_KnownBase_MatchesVector(string text)
    {
        var valid = Multibase.TryDecode(text, out var bytes);

        Assert.True(valid);
        Assert.Equal("yes mani !"u8, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("z")]
    [InlineData("z0OIl")]
    [InlineData("b1")]
    [InlineData("f0")]
    [InlineData("fxx")]
    [InlineData("u*")]
    [InlineData("?abc")]
    public void TryDecode_OtherText_IsRefused(string text)
    {
        Assert.False(Multibase.TryDecode(text, out _));
    }

    [Fact]
    public void TryDecode_TooLong_IsRefused()
    {
        Assert.False(Multibase.TryDecode("z" + new string('1', 300), out _));
        Assert.False(Multibase.TryDecodeBase58(new string('1', 300), out _));
    }

    [Fact]
    public void TryDecode_Noise_NeverThrows()
    {
        foreach (var bytes in RandomBytes.Noise(seed: 2, count: 20_000, maxLength: 80))
        {
            foreach (var prefix in "bfkzu")
            {
                var raw = prefix + string.Concat(bytes.Select(value => (char)(value * 3)));
                var printable = prefix + string.Concat(bytes.Select(value => (char)('0' + (value % 75))));

                Multibase.TryDecode(raw, out _);
                Multibase.TryDecode(printable, out _);
            }
        }
    }

    [Fact]
    public void Encode_AnyBytes_DecodeBack()
    {
        foreach (var bytes in RandomBytes.Noise(seed: 3, count: 2_000, maxLength: 60).Where(bytes => bytes.Length > 0))
        {
            Assert.True(Multibase.TryDecodeBase58(Multibase.EncodeBase58(bytes), out var base58));
            Assert.True(Multibase.TryDecode(Multibase.EncodeBase32(bytes), out var base32));
            Assert.True(Multibase.TryDecode(Multibase.EncodeBase64Url(bytes), out var base64));

            Assert.Equal(bytes, base58);
            Assert.Equal(bytes, base32);
            Assert.Equal(bytes, base64);
        }
    }
}
