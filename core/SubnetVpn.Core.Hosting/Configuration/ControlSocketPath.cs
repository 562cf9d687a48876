namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>Where the control socket of a node is when nobody says otherwise.</summary>
public static class ControlSocketPath
{
    /// <summary>
    /// The longest path, in bytes of UTF-8, that every system takes: <c>sun_path</c> holds 104 bytes on macOS and 108 on
    /// Linux, with a zero at the end.
    /// </summary>
    public const int MaxLength = 103;

    /// <summary>
    /// <c>/run/subnetvpn/control.sock</c> for root on Linux; elsewhere <c>subnetvpn/control.sock</c> in
    /// <c>XDG_RUNTIME_DIR</c>, or in the user's temporary folder.
    /// </summary>
    public static string Default { get; } = Find();

    private static string Find()
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
            return "/run/subnetvpn/control.sock";
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return string.IsNullOrEmpty(runtime)
            ? Path.Combine(Path.GetTempPath(), $"subnetvpn-{Environment.UserName}", "control.sock")
            : Path.Combine(runtime, "subnetvpn", "control.sock");
    }
}
