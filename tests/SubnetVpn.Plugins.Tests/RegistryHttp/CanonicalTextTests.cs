using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Registry.Http.Protocol;
using Client = SubnetVpn.Registry.Http.Protocol.CanonicalText;
using Server = LeaseServer.Signing.CanonicalText;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>Client and server sign what the documentation says.</summary>
public sealed partial class CanonicalTextTests
{
    private const string Nonce = "AAECAwQFBgcICQoLDA0ODw";
    private const string Leases = "/v1/networks/default/leases";

    private static readonly byte[] s_peerSeed = [.. Enumerable.Range(0, 32).Select(static number => (byte)number)];
    private static readonly byte[] s_serverSeed = [.. Enumerable.Range(32, 32).Select(static number => (byte)number)];
    private static readonly PeerId s_peer = PeerId.Parse("12D3KooWA4Xop1JaT3MHxwYMkCepYsv4iPVopMXwCz5iHYdBfeSB");

    public delegate byte[] RequestText(string method, string authority, string target, PeerId peer, long time, string nonce, ReadOnlySpan<byte> body);

    public delegate byte[] ReplyText(string method, string target, string nonce, int status, ReadOnlySpan<byte> body);

    [Fact]
    public void Request_WithoutABody_IsTheFirstExample() =>
        AssertExample(0, s_peerSeed, text => text("PUT", "leases.example.org:443", Leases + "/10.0.0.7", s_peer, 1790000000, Nonce, []));

    [Fact]
    public void Request_WithABody_IsTheSecondExample() =>
        AssertExample(1, s_peerSeed, text => text("POST", "leases.example.org:443", Leases, s_peer, 1790000000, Nonce, """{"subnet": "10.0.0.0/24"}"""u8));

    [Fact]
    public void Reply_IsTheThirdExample()
    {
        foreach (var text in new ReplyText[] { Client.OfReply, Server.OfReply })
            AssertExample(2, s_serverSeed, text("DELETE", Leases + "/10.0.0.7", Nonce, 204, []));
    }

    [Fact]
    public void Keys_AreThoseOfTheExamples()
    {
        Span<byte> key = stackalloc byte[32];
        Assert.True(s_peer.TryGetEd25519Key(key));

        Assert.Equal(new Ed25519Signatures().GetPublicKey(s_peerSeed), key.ToArray());
        Assert.Contains(Convert.ToBase64String(new Ed25519Signatures().GetPublicKey(s_serverSeed)), ReadDocument(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://Leases.Example.ORG", "leases.example.org:443")]
    [InlineData("http://leases.example.org/path/", "leases.example.org:80")]
    [InlineData("http://192.0.2.9:8088", "192.0.2.9:8088")]
    [InlineData("https://[2001:DB8::9]:8443/", "[2001:db8::9]:8443")]
    [InlineData("https://bücher.example", "xn--bcher-kva.example:443")]
    public void Authority_OfAUrl_IsHostAndPort(string url, string authority) => Assert.Equal(authority, LeasePaths.AuthorityOf(new Uri(url)));

    private static void AssertExample(int index, byte[] seed, Func<RequestText, byte[]> make)
    {
        foreach (var text in new RequestText[] { Client.OfRequest, Server.OfRequest })
            AssertExample(index, seed, make(text));
    }

    private static void AssertExample(int index, byte[] seed, byte[] text)
    {
        var example = Example().Matches(ReadDocument())[index];

        Assert.Equal(example.Groups["text"].Value, Encoding.UTF8.GetString(text));
        Assert.Equal(example.Groups["signature"].Value, Convert.ToBase64String(new Ed25519Signatures().Sign(seed, text)));
    }

    private static string ReadDocument([CallerFilePath] string file = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "../../../samples/LeaseServer/README.md"));

    // A block, and the signature in the line after it.
    [GeneratedRegex(@"^```\n(?<text>subnetvpn lease (?s:.*?))```\n+Signature: `(?<signature>[^`]+)`$", RegexOptions.Multiline)]
    private static partial Regex Example();
}
