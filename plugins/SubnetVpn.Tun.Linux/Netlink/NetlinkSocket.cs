using System.Runtime.InteropServices;
using SubnetVpn.Tun.Linux.Native;
using static SubnetVpn.Tun.Linux.Netlink.NetlinkConstants;

namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>
/// A socket to the kernel's routing tables, in the network namespace of the thread that makes it. Not thread-safe.
/// </summary>
internal sealed partial class NetlinkSocket : IDisposable
{
    // The kernel sends dumps in datagrams of at most 32 KiB (netlink_dump in net/netlink/af_netlink.c).
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(32 * 1024, pinned: true);
    private readonly FileDescriptor _file;
    private uint _sequence;

    public NetlinkSocket()
    {
        var descriptor = Socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        if (descriptor < 0)
            throw TunFault.Netlink("open a netlink socket", Errno.Last);
        _file = new FileDescriptor(descriptor);
    }

    /// <summary>Has the kernel do something, or tell one thing.</summary>
    /// <param name="request">A request with <c>NLM_F_ACK</c>.</param>
    /// <param name="visitor">Sees the answer, where there is one beside the acknowledgement.</param>
    /// <returns>0, or the error.</returns>
    public int Execute(NetlinkRequest request, NetlinkVisitor? visitor = null)
    {
        Post(request);
        var error = 0;
        // The acknowledgement is an error message with the error 0.
        while (!Receive(visitor ?? (static _ => { }), ref error, out _))
        {
        }
        return error;
    }

    /// <summary>Reads a whole table.</summary>
    /// <param name="request">A request with <c>NLM_F_DUMP</c>.</param>
    /// <param name="visitor">Sees each entry.</param>
    /// <returns>False when the table changed meanwhile, so that entries may be missing or double.</returns>
    public bool Dump(NetlinkRequest request, NetlinkVisitor visitor)
    {
        Post(request);
        var error = 0;
        var consistent = true;
        bool done;
        do
        {
            done = Receive(visitor, ref error, out var interrupted);
            consistent &= !interrupted;
        }
        while (!done);
        return error == 0 ? consistent : throw TunFault.Netlink("read the host's addresses and routes", error);
    }

    public void Dispose() => _file.Dispose();

    private void Post(NetlinkRequest request)
    {
        var message = request.Finish(++_sequence);
        while (Send(_file, in MemoryMarshal.GetReference(message), (nuint)message.Length, 0) < 0)
            if (Errno.Last != Errno.EINTR)
                throw TunFault.Netlink("speak to the kernel by netlink", Errno.Last);
    }

    private bool Receive(NetlinkVisitor visitor, ref int error, out bool interrupted)
    {
        interrupted = false;
        var count = Receive(_file, ref MemoryMarshal.GetArrayDataReference(_buffer), (nuint)_buffer.Length, 0);
        if (count < 0)
            return Errno.Last == Errno.EINTR ? false : throw TunFault.Netlink("hear from the kernel by netlink", Errno.Last);

        var rest = _buffer.AsSpan(0, (int)count);
        while (rest.Length >= NetlinkHeader.Size)
        {
            var header = MemoryMarshal.Read<NetlinkHeader>(rest);
            if (header.Length < NetlinkHeader.Size || header.Length > rest.Length)
                break;
            var body = rest[NetlinkHeader.Size..(int)header.Length];
            rest = rest[Math.Min(NetlinkRequest.Align((int)header.Length), rest.Length)..];
            if (header.Sequence != _sequence)
                continue;
            interrupted |= (header.Flags & NLM_F_DUMP_INTR) != 0;
            if (header.Type is NLMSG_ERROR or NLMSG_DONE)
            {
                // Both begin with the negated error.
                error = body.Length < 4 ? 0 : -MemoryMarshal.Read<int>(body);
                return true;
            }
            visitor(body);
        }
        return false;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(FileDescriptor file, in byte data, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(FileDescriptor file, ref byte data, nuint length, int flags);
}
