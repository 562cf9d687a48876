using System.Runtime.InteropServices;
using SubnetVpn.Tun.Linux.Native;

namespace SubnetVpn.Tun.Linux.Device;

/// <summary>The controls of <c>linux/if_tun.h</c>. Numbers are those of the generic ABI (x86, Arm, RISC-V).</summary>
internal static partial class TunIoctl
{
    // _IOW('T', n, int): direction 1 in bits 30-31, size 4 in bits 16-29, 'T' in bits 8-15.
    public const uint TUNSETIFF = 0x400454CA;
    public const uint TUNSETOFFLOAD = 0x400454D0;
    public const uint TUNSETVNETHDRSZ = 0x400454D8;
    public const uint TUNSETVNETLE = 0x400454DC;

    public const ushort IFF_TUN = 0x0001;
    public const ushort IFF_NO_PI = 0x1000;
    public const ushort IFF_VNET_HDR = 0x4000;

    /// <summary>Never attach to a device that exists: it is somebody else's.</summary>
    public const ushort IFF_TUN_EXCL = 0x8000;

    public const uint TUN_F_CSUM = 0x01;
    public const uint TUN_F_TSO4 = 0x02;
    public const uint TUN_F_TSO6 = 0x04;
    public const uint TUN_F_TSO_ECN = 0x08;

    /// <summary>Since Linux 6.2; the kernel takes USO4 and USO6 only together.</summary>
    public const uint TUN_F_USO4 = 0x20;
    public const uint TUN_F_USO6 = 0x40;

    /// <summary>Makes the device, or attaches to it.</summary>
    /// <returns>0, or the error.</returns>
    public static int SetInterface(FileDescriptor file, ref InterfaceRequest request) =>
        Ioctl(file, TUNSETIFF, ref request) < 0 ? Errno.Last : 0;

    /// <summary>For controls that take a pointer to an <c>int</c>.</summary>
    /// <returns>0, or the error.</returns>
    public static int SetByReference(FileDescriptor file, uint control, int value) =>
        Ioctl(file, control, ref value) < 0 ? Errno.Last : 0;

    /// <summary>For controls that take the number itself.</summary>
    /// <returns>0, or the error.</returns>
    public static int SetByValue(FileDescriptor file, uint control, uint value) =>
        Ioctl(file, control, value) < 0 ? Errno.Last : 0;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(FileDescriptor file, nuint control, ref InterfaceRequest request);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(FileDescriptor file, nuint control, ref int value);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(FileDescriptor file, nuint control, nuint value);
}
