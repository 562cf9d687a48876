using System.Runtime.InteropServices;

namespace SubnetVpn.Cli.Background;

/// <summary>A daemon in the place of this program: for supervisors, and for who wants to watch it.</summary>
internal static partial class ForegroundDaemon
{
    /// <summary>Replaces this process by the daemon. Returns only by an exception.</summary>
    public static VpnException Become(string configuration)
    {
        if (OperatingSystem.IsWindows())
            return new VpnException(VpnErrorReason.Control, $"one program cannot take the place of another on Windows. Run: subnetvpnd --config {configuration}");
        var daemon = DaemonLocator.Find();
        Console.Out.Flush();
        _ = Execute(daemon, [daemon, "--config", configuration, null]);
        return new VpnException(VpnErrorReason.Control, $"{daemon} cannot be run: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string file, string?[] arguments);
}
