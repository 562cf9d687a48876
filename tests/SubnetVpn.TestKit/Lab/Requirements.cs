namespace SubnetVpn.TestKit.Lab;

/// <summary>
/// What a test needs of its machine. Where something is missing the test is skipped with the reason;
/// with CI=true it fails, as there everything must run.
/// </summary>
public static class Requirements
{
    /// <summary>Root on Linux with /dev/net/tun and the <c>ip</c> command.</summary>
    public static void Namespaces()
    {
        Require(OperatingSystem.IsLinux(), "network namespaces are Linux's");
        Require(Environment.IsPrivilegedProcess, "network namespaces need root");
        Require(File.Exists("/dev/net/tun"), "/dev/net/tun is missing (modprobe tun)");
        Command("ip", "iproute2");
    }

    /// <summary>A command of a Debian package.</summary>
    public static void Command(string command, string package) =>
        Require(Exec.Find(command) is not null, $"the command {command} is missing (Debian package {package})");

    public static void Require(bool isMet, string missing)
    {
        if (isMet)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"CI must run this test, but {missing}.");
        }

        Assert.Skip(missing);
    }
}
