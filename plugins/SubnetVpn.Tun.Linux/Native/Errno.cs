using System.Runtime.InteropServices;

namespace SubnetVpn.Tun.Linux.Native;

/// <summary>Error numbers of <c>asm-generic/errno-base.h</c> and <c>asm-generic/errno.h</c>.</summary>
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int ENXIO = 6;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int EBUSY = 16;
    public const int EEXIST = 17;
    public const int ENODEV = 19;
    public const int EINVAL = 22;
    public const int EAFNOSUPPORT = 97;
    public const int EOPNOTSUPP = 95;

    /// <summary>The error of the last system call of this thread.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>For example <c>Operation not permitted (1)</c>.</summary>
    public static string Describe(int error) => $"{Marshal.GetPInvokeErrorMessage(error)} ({error})";
}
