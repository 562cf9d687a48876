using SubnetVpn.Core.Filtering;

namespace SubnetVpn.Core.Tests.Filtering;

public sealed class AddressFilterTests
{
    private static readonly AddressFilter Filter = new([IpPrefix.Parse("10.0.0.0/24"), IpPrefix.Parse("172.16.0.0/12"), IpPrefix.Parse("192.168.9.8/31"), IpPrefix.Parse("fd00::/64")]);

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.254")]
    [InlineData("10.0.1.255")]
    [InlineData("172.16.255.255")]
    [InlineData("192.168.9.9")]
    [InlineData("8.8.8.8")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("fd00::1")]
    [InlineData("fd00::ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::1")]
    [InlineData("fe7f::1")]
    [InlineData("fec0::1")]
    [InlineData("::2")]
    [InlineData("1::")]
    public void IsUnicast_AddressOfOneHost_IsTrue(string address)
    {
        Assert.True(Filter.IsUnicast(VirtualIp.Parse(address)));
    }

    [Theory]
    [InlineData("10.0.0.255")]
    [InlineData("172.31.255.255")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("169.254.0.1")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("ff02::1")]
    [InlineData("ff05::2")]
    [InlineData("fe80::1")]
    [InlineData("febf::1")]
    public void IsUnicast_AddressOfManyOrOfThisLink_IsFalse(string address)
    {
        Assert.False(Filter.IsUnicast(VirtualIp.Parse(address)));
    }

    [Theory]
    [InlineData("0.0.0.0/0", "255.255.255.255")]
    [InlineData("10.0.0.0/8", "10.255.255.255")]
    [InlineData("10.1.2.4/30", "10.1.2.7")]
    public void IsUnicast_LastAddressOfSubnet_IsFalse(string subnet, string broadcast)
    {
        Assert.False(new AddressFilter([IpPrefix.Parse(subnet)]).IsUnicast(VirtualIp.Parse(broadcast)));
    }

    [Theory]
    [InlineData("10.1.2.4/31", "10.1.2.5")]
    [InlineData("10.1.2.4/32", "10.1.2.4")]
    public void IsUnicast_PointToPointSubnet_HasNoBroadcast(string subnet, string address)
    {
        Assert.True(new AddressFilter([IpPrefix.Parse(subnet)]).IsUnicast(VirtualIp.Parse(address)));
    }
}
