using System.Runtime.InteropServices;

namespace SubnetVpn.Tun.Linux.Native;

/// <summary>Waits for file descriptors.</summary>
internal static partial class Poll
{
    // asm-generic/poll.h
    public const short POLLIN = 0x0001;
    public const short POLLOUT = 0x0004;
    public const short POLLERR = 0x0008;
    public const short POLLHUP = 0x0010;
    public const short POLLNVAL = 0x0020;

    /// <summary>Waits until one is ready. An interruption by a signal looks like an early return.</summary>
    /// <param name="entries">What to wait for, and what came.</param>
    /// <param name="milliseconds">The longest wait; -1 for ever.</param>
    public static void Wait(Span<PollEntry> entries, int milliseconds)
    {
        foreach (ref var entry in entries)
            entry.Occurred = 0;
        _ = NativePoll(ref MemoryMarshal.GetReference(entries), (nuint)entries.Length, milliseconds);
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int NativePoll(ref PollEntry entries, nuint count, int milliseconds);
}
