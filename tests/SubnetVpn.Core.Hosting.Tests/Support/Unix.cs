namespace SubnetVpn.Core.Hosting.Tests.Support;

/// <summary>Modes of files; a test that asks for them is skipped where there are none.</summary>
internal static class Unix
{
    private const string NoModes = "Windows has no such modes.";

    public static UnixFileMode GetMode(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoModes);
        return OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
    }

    public static void SetMode(string path, UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoModes);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
