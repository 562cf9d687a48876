using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux.Device;

namespace SubnetVpn.Plugins.Tests.TunLinux;

public sealed class TunOffloadTests
{
    private const TunCapabilities Tso = TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation | TunCapabilities.TcpV6Segmentation;

    [Theory]
    [InlineData(0x7F, Tso | TunCapabilities.UdpSegmentation)]
    [InlineData(0x1F, Tso)]
    [InlineData(0x01, TunCapabilities.Checksum)]
    [InlineData(0x00, TunCapabilities.None)]
    public void Negotiate_KernelThatKnowsSomeBits_AgreesOnWhatItKnows(uint known, TunCapabilities expected)
    {
        uint set = uint.MaxValue;

        var capabilities = TunOffload.Negotiate(bits =>
        {
            if ((bits & ~known) != 0)
                return false;
            set = bits;
            return true;
        });

        Assert.Equal(expected, capabilities);
        Assert.Equal(0u, set & ~known);
    }

    [Fact]
    public void Negotiate_KernelThatRefusesAll_HasNone() =>
        Assert.Equal(TunCapabilities.None, TunOffload.Negotiate(static _ => false));
}
