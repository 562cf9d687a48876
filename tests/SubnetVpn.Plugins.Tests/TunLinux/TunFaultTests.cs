using SubnetVpn.Tun.Linux;
using SubnetVpn.Tun.Linux.Native;

namespace SubnetVpn.Plugins.Tests.TunLinux;

public sealed class TunFaultTests
{
    [Theory]
    [InlineData(Errno.ENOENT, VpnErrorReason.Tun, "modprobe tun")]
    [InlineData(Errno.ENXIO, VpnErrorReason.Tun, "--device /dev/net/tun")]
    [InlineData(Errno.EACCES, VpnErrorReason.Permission, "root")]
    [InlineData(Errno.EPERM, VpnErrorReason.Permission, "CAP_NET_ADMIN")]
    public void Open_ErrorOfTheSystem_SaysHowToMendIt(int error, VpnErrorReason reason, string mend)
    {
        var fault = TunFault.Open(error);

        Assert.Equal(reason, fault.Reason);
        Assert.Contains("/dev/net/tun", fault.Message, StringComparison.Ordinal);
        Assert.Contains(mend, fault.Message, StringComparison.Ordinal);
    }
}
