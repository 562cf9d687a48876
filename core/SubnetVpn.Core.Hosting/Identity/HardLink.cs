using System.Runtime.InteropServices;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>
/// Gives a file a second name, which must be free: the one way to publish a file that is atomic and never replaces
/// another. <see cref="File.Move(string, string)"/> looks first and renames then, which two processes can do at once.
/// </summary>
internal static partial class HardLink
{
    private const int FileExists = 17;

    /// <summary>True if it was made; false if this file system, or Windows, does not do it this way.</summary>
    /// <exception cref="IOException">The name is taken.</exception>
    public static bool TryCreate(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        if (Link(existing, name) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == FileExists ? throw new IOException($"'{name}' exists.") : false;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
