using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryStatic;

public sealed class StaticOptionsTests
{
    private static readonly PeerId s_two = TestPeers.Create(2);
    private static readonly PeerId s_three = TestPeers.Create(3);

    [Fact]
    public void Bind_Complete_HasEverything()
    {
        var options = StaticOptionsBinding.Bind(
            $$"""{ "peers": [ { "id": "{{s_two}}", "addresses": ["/ip4/198.18.0.2/tcp/4001", "/dns4/two.example/tcp/4001/p2p/{{s_two}}"], "virtual_ips": ["10.0.0.2", "fd00::2"], "routes": ["192.168.7.0/24"] } ] }""",
            out var mistakes);

        Assert.Empty(mistakes);
        var peer = Assert.Single(options.Peers);
        Assert.Equal(s_two, peer.Id);
        Assert.Equal(["/ip4/198.18.0.2/tcp/4001", $"/dns4/two.example/tcp/4001/p2p/{s_two}"], peer.Addresses.Select(static address => address.ToString()));
        Assert.Equal(["10.0.0.2/32", "fd00::2/128", "192.168.7.0/24"], peer.Prefixes.Select(static prefix => prefix.ToString()));
    }

    [Fact]
    public void Bind_Nothing_HasNoPeers()
    {
        Assert.Empty(StaticOptionsBinding.Bind("{}", out var mistakes).Peers);
        Assert.Empty(mistakes);
    }

    [Theory]
    [InlineData("""{ "id": "QmNotAPeer", "virtual_ips": ["10.0.0.2"] }""", "peers:0:id", "is not a libp2p peer id")]
    [InlineData("""{ "virtual_ips": ["10.0.0.2"] }""", "peers:0:id", "missing")]
    [InlineData("""{ "id": "TWO", "virtual_ips": ["10.0.0.2/24"] }""", "peers:0:virtual_ips", "is not an IP address")]
    [InlineData("""{ "id": "TWO", "virtual_ips": ["10.0.0"] }""", "peers:0:virtual_ips", "is not an IP address")]
    [InlineData("""{ "id": "TWO", "virtual_ips": ["10.0.0.2"], "routes": ["192.168.7.0/33"] }""", "peers:0:routes", "is not an IP prefix")]
    [InlineData("""{ "id": "TWO" }""", "peers:0:virtual_ips", "nothing would ever be sent")]
    [InlineData("""{ "id": "TWO", "virtual_ips": ["10.0.0.2"], "virtual_ip": ["10.0.0.2"] }""", "peers:0:virtual_ip", "Did you mean 'virtual_ips'?")]
    [InlineData("""{ "id": "TWO", "virtual_ips": ["10.0.0.2"], "addresses": ["/ip4/198.18.0.2/tcp/4001/p2p/THREE"] }""", "peers:0:addresses", "names the peer THREE")]
    public void Bind_OnePeerIsWrong_SaysWhere(string peer, string path, string rule)
    {
        StaticOptionsBinding.Bind($$"""{ "peers": [ {{Fill(peer)}} ] }""", out var mistakes);

        var mistake = Assert.Single(mistakes);
        Assert.StartsWith($"plugins:discovery.static:{path}", mistake.Path, StringComparison.Ordinal);
        Assert.Contains(Fill(rule), mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("198.18.0.2:4001")]
    [InlineData("/")]
    [InlineData("/ip4/198.18.0.2/tcp/4001/")]
    [InlineData("/ip4//tcp/4001")]
    [InlineData("/ip4/198.18.0/tcp/4001")]
    [InlineData("/ip4/fd00::1/tcp/4001")]
    [InlineData("/ip6/198.18.0.2/tcp/4001")]
    [InlineData("/ip4/198.18.0.2/tcp")]
    [InlineData("/ip4/198.18.0.2/tcp/0")]
    [InlineData("/ip4/198.18.0.2/tcp/65536")]
    [InlineData("/ip4/198.18.0.2/tcp/+1")]
    [InlineData("/ip4/198.18.0.2/tcp/4001/p2p/nobody")]
    [InlineData("/ip4/198.18.0.2 /tcp/4001")]
    public void Bind_AddressIsNone_IsAMistakeOfThatElement(string address)
    {
        StaticOptionsBinding.Bind(
            $$"""{ "peers": [ { "id": "{{s_two}}", "virtual_ips": ["10.0.0.2"], "addresses": ["/memory/1", "{{address}}"] } ] }""", out var mistakes);

        var mistake = Assert.Single(mistakes);
        Assert.Equal(("plugins:discovery.static:peers:0:addresses:1", address), (mistake.Path, mistake.Value ?? ""));
    }

    [Theory]
    [InlineData("/ip6/fd00::2/tcp/4001")]
    [InlineData("/ip4/198.18.0.2/udp/4001/quic-v1")]
    [InlineData("/dns/tcp/tcp/4001")]
    [InlineData("/dnsaddr/two.example")]
    [InlineData("/memory/1")]
    [InlineData("/some-protocol-of-the-future/value")]
    [InlineData("/ip4/198.18.0.9/tcp/4001/p2p/THREE/p2p-circuit")]
    [InlineData("/ip4/198.18.0.9/tcp/4001/p2p/THREE/p2p-circuit/p2p/TWO")]
    public void Bind_AddressIsOne_IsTaken(string address)
    {
        StaticOptionsBinding.Bind($$"""{ "peers": [ { "id": "{{s_two}}", "virtual_ips": ["10.0.0.2"], "addresses": ["{{Fill(address)}}"] } ] }""", out var mistakes);

        Assert.Empty(mistakes);
    }

    [Fact]
    public void Bind_TwoPeersWithTheSameAddress_NamesBoth()
    {
        var mistake = Assert.Single(BindTwo(""" "virtual_ips": ["10.0.0.2"] """, """ "virtual_ips": ["10.0.0.3", "10.0.0.2"] """));

        Assert.Equal("plugins:discovery.static:peers", mistake.Path);
        Assert.Equal($"The virtual IP 10.0.0.2 is given to two peers, {s_two} and {s_three}. Only one can hold it.", mistake.Message);
    }

    [Fact]
    public void Bind_TwoPeersWithTheSameRoute_NamesBoth()
    {
        var mistake = Assert.Single(BindTwo(""" "routes": ["192.168.7.0/24"] """, """ "routes": ["192.168.7.9/24"] """));

        Assert.Equal($"The route 192.168.7.0/24 is given to two peers, {s_two} and {s_three}. Only one can hold it.", mistake.Message);
    }

    [Fact]
    public void Bind_SamePeerTwice_SaysSo()
    {
        StaticOptionsBinding.Bind(
            $$"""{ "peers": [ { "id": "{{s_two}}", "virtual_ips": ["10.0.0.2"] }, { "id": "{{s_two}}", "virtual_ips": ["10.0.0.3"] } ] }""", out var mistakes);

        Assert.Contains($"The peer {s_two} is listed twice", Assert.Single(mistakes).Message, StringComparison.Ordinal);
    }

    private static List<ConfigurationMistake> BindTwo(string two, string three)
    {
        StaticOptionsBinding.Bind($$"""{ "peers": [ { "id": "{{s_two}}", {{two}} }, { "id": "{{s_three}}", {{three}} } ] }""", out var mistakes);
        return mistakes;
    }

    private static string Fill(string text) =>
        text.Replace("TWO", s_two.ToString(), StringComparison.Ordinal).Replace("THREE", s_three.ToString(), StringComparison.Ordinal);
}
