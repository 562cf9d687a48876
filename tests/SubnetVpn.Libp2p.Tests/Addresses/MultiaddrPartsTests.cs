using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Tests.Addresses;

public class MultiaddrPartsTests
{
    private const string First = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
    private const string Second = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

    [Theory]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/" + First, First)]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/" + First + "/p2p-circuit/p2p/" + Second, Second)]
    [InlineData("/p2p/" + First, First)]
    public void TryGetPeerId_AtTheEnd_GivesIt(string text, string expected)
    {
        Assert.True(Multiaddr.Parse(text).TryGetPeerId(out var id));

        Assert.Equal(PeerId.Parse(expected), id);
    }

    [Theory]
    [InlineData("/ip4/192.0.2.1/tcp/4001")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/" + First + "/p2p-circuit")]
    public void TryGetPeerId_NotAtTheEnd_GivesNone(string text)
    {
        Assert.False(Multiaddr.Parse(text).TryGetPeerId(out var id));
        Assert.True(id.IsEmpty);
    }

    [Theory]
    [InlineData("/ip4/192.0.2.1/tcp/4001")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/" + Second)]
    public void WithPeerId_WithAndWithoutOne_EndsInIt(string text)
    {
        var address = Multiaddr.Parse(text).WithPeerId(PeerId.Parse(First));

        Assert.Equal("/ip4/192.0.2.1/tcp/4001/p2p/" + First, address.ToString());
        Assert.Equal("/ip4/192.0.2.1/tcp/4001", address.WithoutPeerId()?.ToString());
    }

    [Fact]
    public void WithPeerId_AfterAPath_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => Multiaddr.Parse("/unix/a").WithPeerId(PeerId.Parse(First)));
        Assert.Throws<ArgumentException>(() => Multiaddr.Parse("/tcp/1").WithPeerId(default));
    }

    [Fact]
    public void WithoutPeerId_NothingElse_IsNull()
    {
        Assert.Null(Multiaddr.Parse("/p2p/" + First).WithoutPeerId());
    }

    [Theory]
    [InlineData("/ip4/192.0.2.1/tcp/4001", "192.0.2.1:4001")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/" + First, "192.0.2.1:4001")]
    [InlineData("/ip6/2001:db8::1/tcp/4001", "[2001:db8::1]:4001")]
    [InlineData("/ip6zone/7/ip6/fe80::1/tcp/4001", "[fe80::1%7]:4001")]
    public void TryGetTcpEndPoint_IpAddress_GivesTheSocketAddress(string text, string expected)
    {
        Assert.True(Multiaddr.Parse(text).TryGetTcpEndPoint(out var endPoint));

        Assert.Equal(IPEndPoint.Parse(expected), endPoint);
    }

    [Theory]
    [InlineData("dns", AddressFamily.Unspecified)]
    [InlineData("dns4", AddressFamily.InterNetwork)]
    [InlineData("dns6", AddressFamily.InterNetworkV6)]
    public void TryGetTcpEndPoint_Name_GivesTheNameAndTheFamily(string protocol, AddressFamily family)
    {
        Assert.True(Multiaddr.Parse($"/{protocol}/node.example/tcp/4001").TryGetTcpEndPoint(out var endPoint));

        Assert.Equal(new DnsEndPoint("node.example", 4001, family), endPoint);
    }

    [Theory]
    [InlineData("/ip4/192.0.2.1")]
    [InlineData("/tcp/4001")]
    [InlineData("/ip4/192.0.2.1/udp/4001")]
    [InlineData("/ip4/192.0.2.1/udp/4001/quic-v1")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/ws")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/tls/ws")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/" + First + "/p2p-circuit/p2p/" + Second)]
    [InlineData("/dnsaddr/bootstrap.libp2p.io")]
    [InlineData("/dnsaddr/bootstrap.libp2p.io/tcp/4001")]
    [InlineData("/p2p/" + First)]
    [InlineData("/memory/1")]
    public void TryGetTcpEndPoint_AnythingElse_GivesNone(string text)
    {
        Assert.False(Multiaddr.Parse(text).TryGetTcpEndPoint(out _));
    }

    [Theory]
    [InlineData("192.0.2.1:4001", "/ip4/192.0.2.1/tcp/4001")]
    [InlineData("[::ffff:192.0.2.1]:4001", "/ip4/192.0.2.1/tcp/4001")]
    [InlineData("[2001:db8::1]:0", "/ip6/2001:db8::1/tcp/0")]
    [InlineData("[fe80::1%7]:4001", "/ip6zone/7/ip6/fe80::1/tcp/4001")]
    public void FromTcpEndPoint_SocketAddress_GivesTheAddress(string endPoint, string expected)
    {
        Assert.Equal(expected, Multiaddr.FromTcpEndPoint(IPEndPoint.Parse(endPoint)).ToString());
    }
}
