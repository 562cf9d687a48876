using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Core.Hosting.Tests.Setup;

public sealed class FreeSubnetTests
{
    [Fact]
    public void Choose_NothingInUse_IsASlash24OfTenByChance()
    {
        var chosen = Enumerable.Range(0, 20).Select(_ => FreeSubnet.Choose([])).ToList();

        Assert.All(chosen, subnet => Assert.True(subnet.Length == 24 && IpPrefix.Parse("10.0.0.0/8").Contains(subnet), subnet.ToString()));
        Assert.True(chosen.Distinct().Count() > 10);
    }

    [Theory]
    [InlineData("10.1.1.0/24")]
    [InlineData("10.1.0.0/16")]
    [InlineData("10.1.1.128/25")]
    [InlineData("10.1.1.7/32")]
    [InlineData("0.0.0.0/1")]
    public void Choose_FirstIsInUse_TakesTheNext(string used)
    {
        var numbers = new Queue<int>([1, 1, 200, 3]);

        var act = () => FreeSubnet.Choose([IpPrefix.Parse(used), IpPrefix.Parse("192.168.0.0/16")], _ => numbers.TryDequeue(out var number) ? number : 1);

        if (used == "0.0.0.0/1")
            Assert.Contains("--subnet", Assert.Throws<VpnException>(() => act()).Message, StringComparison.Ordinal);
        else
            Assert.Equal(IpPrefix.Parse("10.200.3.0/24"), act());
    }

    [Theory]
    [InlineData("eth0\t0002A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0", "192.168.2.0/24")]
    [InlineData("eth0\t00000000\t0102A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0", "0.0.0.0/0")]
    [InlineData("wg0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0", "10.0.0.0/8")]
    [InlineData("nonsense", null)]
    public void ReadRoute_LineOfTheKernel_IsItsRange(string line, string? expected)
    {
        var range = MachineRanges.ReadRoute(line);

        Assert.Equal(expected, range?.ToString());
    }

    [Fact]
    public void Read_ThisMachine_HasItsLoopbackAndNoDefaultRoute()
    {
        var ranges = MachineRanges.Read();

        Assert.Contains(ranges, range => range.Contains(VirtualIp.Parse("127.0.0.1")));
        Assert.DoesNotContain(ranges, range => range.Length == 0);
    }
}
