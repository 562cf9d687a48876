using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SubnetVpn.Tun.Linux.Native;

/// <summary>
/// A file descriptor that is closed once, when it was disposed of and no system call uses it any more; so a late writer
/// cannot hit a descriptor that was given to somebody else.
/// </summary>
internal sealed partial class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FileDescriptor(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>Completes when the descriptor is closed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>The number, for <c>poll</c>. The caller keeps the handle alive.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle()
    {
        var result = Close((int)handle);
        _closed.SetResult();
        return result == 0;
    }

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
