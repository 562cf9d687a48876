using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>Tests with real devices: they skip where they cannot run, but not in CI.</summary>
internal static class RootRequired
{
    public static void Check()
    {
        Requirements.Require(OperatingSystem.IsLinux(), "TUN devices of Linux need Linux");
        Requirements.Require(Environment.IsPrivilegedProcess, "TUN devices need root");
        Requirements.Require(File.Exists("/dev/net/tun"), "/dev/net/tun is missing (modprobe tun)");
    }
}
