using System.Runtime.InteropServices;

namespace SubnetVpn.Daemon;

/// <summary>The heap of the C library, from which the runtime and the compiler take what is not managed.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// Gives back to the system what is free in it. Only glibc has a way to say so (<c>malloc_trim(3)</c>); elsewhere nothing happens.
    /// </summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
