using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SubnetVpn.Tun.Linux.Native;

namespace SubnetVpn.Tun.Linux.Device;

/// <summary>One packet per system call: a TUN device knows no other way.</summary>
internal static partial class TunIo
{
    /// <summary>Reads one packet.</summary>
    /// <returns>Its length, or -1 with the error in <see cref="Errno.Last"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(FileDescriptor file, Span<byte> destination) =>
        (int)NativeRead(file, ref MemoryMarshal.GetReference(destination), (nuint)destination.Length);

    /// <summary>Writes one packet.</summary>
    /// <returns>Its length, or -1 with the error in <see cref="Errno.Last"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(FileDescriptor file, ReadOnlySpan<byte> source) =>
        (int)NativeWrite(file, in MemoryMarshal.GetReference(source), (nuint)source.Length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint NativeRead(FileDescriptor file, ref byte data, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint NativeWrite(FileDescriptor file, in byte data, nuint length);
}
