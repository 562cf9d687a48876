using System.Runtime.InteropServices;

namespace SubnetVpn.Tun.Linux.Native;

/// <summary>Wakes a thread that waits in <c>poll</c>: an <c>eventfd</c>. Thread-safe.</summary>
internal sealed partial class EventSignal : IDisposable
{
    // sys/eventfd.h: the values of O_CLOEXEC and O_NONBLOCK.
    private const int EFD_CLOEXEC = 0x80000;
    private const int EFD_NONBLOCK = 0x800;

    private readonly FileDescriptor _file;

    public EventSignal()
    {
        var descriptor = EventFd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (descriptor < 0)
            throw new VpnException(VpnErrorReason.Tun, $"Cannot make an eventfd: {Errno.Describe(Errno.Last)}.");
        _file = new FileDescriptor(descriptor);
    }

    /// <summary>What to poll for input.</summary>
    public FileDescriptor File => _file;

    /// <summary>Makes the descriptor readable until <see cref="Clear"/>.</summary>
    public void Set()
    {
        // Fails only when the counter is full, and then the descriptor is readable already.
        var one = 1UL;
        _ = Write(_file, ref one, sizeof(ulong));
    }

    /// <summary>Makes the descriptor unreadable. Fails only when it was so already.</summary>
    public void Clear()
    {
        ulong count = 0;
        _ = Read(_file, ref count, sizeof(ulong));
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(FileDescriptor file, ref ulong value, nint length);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(FileDescriptor file, ref ulong value, nint length);
}
