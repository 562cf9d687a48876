using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Tests.Addresses;

/// <summary>Addresses that follow from a peer id. The vectors were computed by a few lines of Python from the rule in the documentation of the class.</summary>
public sealed class AutomaticAddressTests
{
    private const string One = "12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5";
    private const string Two = "12D3KooWMeubyRFbMB7Y2cUGLgcWjPENJKfUL3pdvbKoATh6puwG";

    [Theory]
    [InlineData(One, "10.0.0.0/8", "10.6.222.143 10.214.162.168 10.115.6.98 10.216.68.243")]
    [InlineData(One, "10.0.0.0/24", "10.0.0.185 10.0.0.100 10.0.0.97 10.0.0.239")]
    [InlineData(One, "10.0.0.0/30", "10.0.0.2 10.0.0.1 10.0.0.1 10.0.0.1")]
    [InlineData(One, "10.0.0.6/31", "10.0.0.6 10.0.0.7 10.0.0.6 10.0.0.6")]
    [InlineData(One, "10.0.0.7/32", "10.0.0.7 10.0.0.7")]
    [InlineData(Two, "10.0.0.0/8", "10.167.205.128 10.183.138.127 10.45.222.49 10.84.178.123")]
    [InlineData(Two, "10.0.0.0/24", "10.0.0.144 10.0.0.163 10.0.0.98 10.0.0.165")]
    [InlineData(Two, "10.0.0.0/30", "10.0.0.2 10.0.0.1 10.0.0.1 10.0.0.2")]
    public void DeriveIPv4_IsAsItAlwaysWas(string peer, string subnet, string addresses)
    {
        var expected = addresses.Split(' ');

        var derived = expected.Select((_, number) => AutomaticAddress.DeriveIPv4(IpPrefix.Parse(subnet), PeerId.Parse(peer), number).ToString());

        Assert.Equal(expected, derived);
    }

    [Theory]
    [InlineData(One, "default", "fd1a:4572:25e6::/64", "fd1a:4572:25e6:0:9a97:4042:5b49:b007")]
    [InlineData(One, "office", "fddd:559:f56a::/64", "fddd:559:f56a:0:9a97:4042:5b49:b007")]
    [InlineData(Two, "default", "fd1a:4572:25e6::/64", "fd1a:4572:25e6:0:804a:9406:7cb3:cf99")]
    public void DeriveIPv6_InTheSubnetOfTheNetwork_IsAsItAlwaysWas(string peer, string network, string subnet, string address)
    {
        var derived = AutomaticAddress.DeriveSubnet6(network);

        Assert.Equal(subnet, derived.ToString());
        Assert.Equal(address, AutomaticAddress.DeriveIPv6(derived, PeerId.Parse(peer)).ToString());
    }

    [Theory]
    [InlineData(One, "fd00::/8", "fde6:9ea4:887c:44dd:9a97:4042:5b49:b007")]
    [InlineData(One, "fd00:1:2::/48", "fd00:1:2:44dd:9a97:4042:5b49:b007")]
    [InlineData(One, "fd00::4/126", "fd00::7")]
    [InlineData(One, "fd00::7/128", "fd00::7")]
    [InlineData(Two, "fd00:1::/64", "fd00:1::804a:9406:7cb3:cf99")]
    public void DeriveIPv6_InAnySubnet_FillsTheHostBits(string peer, string subnet, string address) =>
        Assert.Equal(address, AutomaticAddress.DeriveIPv6(IpPrefix.Parse(subnet), PeerId.Parse(peer)).ToString());

    [Fact]
    public void DeriveIPv6_HostBitsWouldBeZero_AreOne()
    {
        // Of one bit, about half of the peers would have a zero.
        var subnet = IpPrefix.Parse("fd00::6/127");

        Assert.All(Enumerable.Range(1, 64), number => Assert.Equal("fd00::7", AutomaticAddress.DeriveIPv6(subnet, TestPeers.Create(number)).ToString()));
    }

    [Fact]
    public void IsOf_OnlyTheAddressThatFollowsFromThePeer()
    {
        var (subnet, one, two) = (AutomaticAddress.DeriveSubnet6("default"), PeerId.Parse(One), PeerId.Parse(Two));
        var address = AutomaticAddress.DeriveIPv6(subnet, one);

        Assert.True(AutomaticAddress.IsOf(address, subnet, one));
        Assert.False(AutomaticAddress.IsOf(address, subnet, two));
        Assert.False(AutomaticAddress.IsOf(VirtualIp.Parse("fd1a:4572:25e6::1"), subnet, one));
        Assert.False(AutomaticAddress.IsOf(address, AutomaticAddress.DeriveSubnet6("office"), one));
    }

    [Theory]
    [InlineData("10.0.0.0/8", 16_777_214)]
    [InlineData("10.0.0.0/24", 254)]
    [InlineData("10.0.0.0/29", 6)]
    [InlineData("10.0.0.0/30", 2)]
    [InlineData("10.0.0.0/31", 2)]
    [InlineData("10.0.0.0/32", 1)]
    public void DeriveIPv4_ManyNumbers_AreUsableAndAllAreReached(string subnet, long usable)
    {
        var prefix = IpPrefix.Parse(subnet);

        var derived = Enumerable.Range(0, 4096).Select(number => AutomaticAddress.DeriveIPv4(prefix, PeerId.Parse(One), number)).ToHashSet();

        Assert.Equal(usable, AutomaticAddress.CountUsable(prefix));
        Assert.All(derived, address => Assert.True(prefix.Contains(address) && (usable <= 2 || (address != prefix.Address && !address.ToString().EndsWith(".255", StringComparison.Ordinal) | usable > 254))));
        Assert.True(usable > 4096 ? derived.Count > 4000 : derived.Count == usable, $"{derived.Count}");
    }

    [Fact]
    public void WrongFamily_Throws()
    {
        Assert.Throws<ArgumentException>(() => AutomaticAddress.DeriveIPv4(IpPrefix.Parse("fd00::/64"), PeerId.Parse(One), 0));
        Assert.Throws<ArgumentException>(() => AutomaticAddress.DeriveIPv6(IpPrefix.Parse("10.0.0.0/24"), PeerId.Parse(One)));
        Assert.Throws<ArgumentException>(() => AutomaticAddress.CountUsable(IpPrefix.Parse("fd00::/64")));
        Assert.Throws<ArgumentOutOfRangeException>(() => AutomaticAddress.DeriveIPv4(IpPrefix.Parse("10.0.0.0/24"), PeerId.Parse(One), -1));
    }
}
