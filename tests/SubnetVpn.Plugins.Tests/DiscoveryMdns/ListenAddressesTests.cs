using SubnetVpn.Discovery.Mdns.Links;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

public sealed class ListenAddressesTests
{
    private static readonly LocalLink s_link = new(3, "eth0",
        [
            new LinkAddress(VirtualIp.Parse("198.18.0.1"), IpPrefix.Parse("198.18.0.0/24")),
            new LinkAddress(VirtualIp.Parse("fd00:5356::1"), IpPrefix.Parse("fd00:5356::/64")),
            new LinkAddress(VirtualIp.Parse("fe80::1"), IpPrefix.Parse("fe80::/64")),
        ]);

    [Theory]
    [InlineData("/ip4/0.0.0.0/tcp/4001", "/ip4/198.18.0.1/tcp/4001")]
    [InlineData("/ip6/::/tcp/4001", "/ip6/fd00:5356::1/tcp/4001")]
    [InlineData("/ip4/198.18.0.1/tcp/4001", "/ip4/198.18.0.1/tcp/4001")]
    [InlineData("/ip4/198.18.0.1/udp/4001/quic-v1", "/ip4/198.18.0.1/udp/4001/quic-v1")]
    [InlineData("/ip4/198.18.0.2/tcp/4001", null)]
    [InlineData("/ip4/127.0.0.1/tcp/4001", null)]
    [InlineData("/ip6/fe80::1/tcp/4001", null)]
    [InlineData("/dns4/one.example/tcp/4001", null)]
    [InlineData("/memory/1", null)]
    public void On_Link_GivesWhatCanBeDialledThere(string listening, string? expected)
    {
        string[] all = expected is null ? [] : [expected];

        Assert.Equal(all, ListenAddresses.On([listening], s_link));
    }

    [Fact]
    public void On_AnyAndOneOfThem_TellsItOnce() =>
        Assert.Equal(["/ip4/198.18.0.1/tcp/1"], ListenAddresses.On(["/ip4/0.0.0.0/tcp/1", "/ip4/198.18.0.1/tcp/1"], s_link));
}
