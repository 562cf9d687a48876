using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SubnetVpn.Libp2p.Tcp.Events;

/// <summary>The event queue of the Linux kernel: epoll(7).</summary>
internal static unsafe partial class Epoll
{
    // sys/epoll.h
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const uint RemoteHangUp = 0x2000;
    private const uint EdgeTriggered = 1u << 31;
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;

    private const int Interrupted = 4; // EINTR

    // struct epoll_event: u32 events, u64 data. Packed on x86, where the data follow at once; elsewhere they are aligned.
    private static readonly int _dataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;

    /// <summary>Bytes of one event.</summary>
    public static int EventBytes => _dataOffset + sizeof(long);

    /// <summary>Makes an event queue.</summary>
    /// <exception cref="SocketException">The system gives none.</exception>
    public static int Create()
    {
        int descriptor = EpollCreate(CloseOnExec);
        return descriptor >= 0 ? descriptor : throw Failed("epoll_create1");
    }

    /// <summary>Watches a socket, edge by edge, until it is closed.</summary>
    /// <exception cref="SocketException">The system takes no more.</exception>
    public static void Watch(int queue, SafeSocketHandle socket, long data)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = In | Out | RemoteHangUp | EdgeTriggered;
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(entry + _dataOffset, sizeof(long)), data);
        if (EpollControl(queue, Add, socket, entry) != 0)
        {
            throw Failed("epoll_ctl");
        }
    }

    /// <summary>Waits for events; none after an interruption.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="events">Where they go, each <see cref="EventBytes"/> long.</param>
    /// <param name="milliseconds">The longest wait; -1 for ever.</param>
    public static int Wait(int queue, Span<byte> events, int milliseconds)
    {
        fixed (byte* first = events)
        {
            int count = EpollWait(queue, first, events.Length / EventBytes, milliseconds);
            int error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            return count >= 0 ? count : error == Interrupted ? 0 : throw new Win32Exception(error);
        }
    }

    public static (uint Events, long Data) Read(ReadOnlySpan<byte> entry) =>
        (MemoryMarshal.Read<uint>(entry), BinaryPrimitives.ReadInt64LittleEndian(entry[_dataOffset..]));

    private static SocketException Failed(string call) =>
        new((int)SocketError.TooManyOpenSockets, $"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int queue, int operation, SafeSocketHandle socket, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int queue, byte* entries, int count, int milliseconds);
}
