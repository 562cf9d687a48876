using SubnetVpn.Libp2p.Addresses;

namespace SubnetVpn.Libp2p.Tests.Addresses;

public class MultiaddrTests
{
    public static TheoryData<string> Valid => [.. MultiaddrVectors.Valid];

    public static TheoryData<string> Invalid => [.. MultiaddrVectors.Invalid];

    public static TheoryData<string, string> Aliases => [.. MultiaddrVectors.Aliases];

    public static TheoryData<string, string> Encodings => [.. MultiaddrVectors.Encodings];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Parse_Valid_MakesTheRoundTripInBothForms(string text)
    {
        var address = Multiaddr.Parse(text);

        Assert.Equal(text, address.ToString());
        Assert.True(Multiaddr.TryDecode(address.Bytes.Span, out var decoded));
        Assert.Equal(text, decoded.ToString());
        Assert.Equal(address, decoded);
        Assert.Equal(address.GetHashCode(), decoded.GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Aliases))]
    public void Parse_OtherSpelling_GivesTheSameAddress(string text, string canonical)
    {
        var address = Multiaddr.Parse(text);

        Assert.Equal(canonical, address.ToString());
        Assert.Equal(Multiaddr.Parse(canonical), address);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Parse_Vector_HasItsBytes(string text, string hex)
    {
        Assert.Equal(hex, Hex.Text(Multiaddr.Parse(text).Bytes.Span));
        Assert.True(Multiaddr.TryDecode(Hex.Bytes(hex), out var address));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void TryParse_Invalid_SaysWhy(string text)
    {
        Assert.False(Multiaddr.TryParse(text, out var address, out var error));

        Assert.Null(address);
        Assert.StartsWith($"'{text}' is no multiaddr: ", error, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Multiaddr.Parse(text));
    }

    [Theory]
    [InlineData("/ip4/1.2.3.4/tcp/65536", "'/tcp' takes a number from 0 to 65535, not '65536'")]
    [InlineData("/ip4/1.2.3.4/tpc/1", "there is no protocol 'tpc'")]
    [InlineData("1.2.3.4:80", "an address begins with '/'")]
    [InlineData("/ip4/1.2.3.4/tcp/1/p2p/me", "'/p2p' takes a peer id, not 'me'")]
    [InlineData("/", "it is empty")]
    public void TryParse_Invalid_NamesThePart(string text, string reason)
    {
        Assert.False(Multiaddr.TryParse(text, out _, out var error));

        Assert.Equal($"'{text}' is no multiaddr: {reason}.", error);
    }

    [Fact]
    public void TryParse_NullOrTooLong_IsRefused()
    {
        Assert.False(Multiaddr.TryParse(null, out _, out _));
        Assert.False(Multiaddr.TryParse("/unix/" + new string('a', 2_000), out _, out _));
        Assert.False(Multiaddr.TryParse("/unix/" + new string('a', 10_000_000), out _, out _));
    }

    // The last two: go-multiaddr, multiaddr_test.go (a digest longer than its hash has).
    [Theory]
    [InlineData("")]
    [InlineData("04")]
    [InlineData("047f0000")]
    [InlineData("047f00000106")]
    [InlineData("00")]
    [InlineData("ff")]
    [InlineData("ff7f")]
    [InlineData("8400" + "7f000001")]
    [InlineData("3600")]
    [InlineData("3603612f62")]
    [InlineData("3602c328")]
    [InlineData("36ffffffffffffffff7f61")]
    [InlineData("900304" + "2f612f62" + "06" + "0001")]
    [InlineData("900302" + "6162")]
    [InlineData("a503221220d52ebb89d85b02a284948203a62ff28389c57c9f42beec4ec20db76a68911c")]
    [InlineData("a503221221c05877cbae039d70a5e600ea02c6f9f2942439285c9e344e26f8d280c850fad6")]
    public void TryDecode_Malformed_IsRefused(string hex)
    {
        Assert.False(Multiaddr.TryDecode(Hex.Bytes(hex), out _));
    }

    [Fact]
    public void TryDecode_LongerThanAnyAddress_IsRefused()
    {
        var bytes = Enumerable.Repeat(Hex.Bytes("047f000001"), 205).SelectMany(part => part).ToArray();

        Assert.True(Multiaddr.TryDecode(bytes.AsSpan(0, 1020), out _));
        Assert.False(Multiaddr.TryDecode(bytes, out _));
    }

    [Fact]
    public void TryDecode_NameOfHost_ReadsBackFromText()
    {
        // go-multiaddr, multiaddr_test.go, TestDNS.
        Assert.True(Multiaddr.TryDecode("7*000000000000000000000000000000000000000000"u8, out var address));

        Assert.Equal(address, Multiaddr.Parse(address.ToString()));
    }

    [Fact]
    public void TryDecode_CallerChangesItsBuffer_KeepsTheAddress()
    {
        var bytes = Hex.Bytes("047f0000010610e1");
        Assert.True(Multiaddr.TryDecode(bytes, out var address));

        Array.Clear(bytes);

        Assert.Equal("/ip4/127.0.0.1/tcp/4321", address.ToString());
    }
}
