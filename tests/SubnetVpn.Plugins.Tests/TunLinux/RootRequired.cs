namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>Tests with real devices: they skip where they cannot run, but not in CI.</summary>
internal static class RootRequired
{
    public static void Check()
    {
        var reason = !OperatingSystem.IsLinux() ? "needs Linux"
            : !Environment.IsPrivilegedProcess ? "needs root"
            : !File.Exists("/dev/net/tun") ? "needs /dev/net/tun"
            : null;
        if (reason is null)
            return;
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Assert.Fail($"This test {reason}, and CI must not skip it.");
        Assert.Skip($"This test {reason}.");
    }
}
