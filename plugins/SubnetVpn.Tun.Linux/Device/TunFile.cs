using System.Runtime.InteropServices;
using SubnetVpn.Tun.Linux.Native;
using static SubnetVpn.Tun.Linux.Device.TunIoctl;

namespace SubnetVpn.Tun.Linux.Device;

/// <summary>
/// An open <c>/dev/net/tun</c> with a device behind it. The device is not persistent: closing the file, also by the death
/// of the process, removes it with its addresses and routes.
/// </summary>
internal sealed partial class TunFile : IDisposable
{
    public const string Path = "/dev/net/tun";

    // asm-generic/fcntl.h
    private const int O_RDWR = 0x2;
    private const int O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;

    private readonly FileDescriptor _file;

    private TunFile(FileDescriptor file, string name, bool hasHeader, TunCapabilities capabilities)
    {
        _file = file;
        Name = name;
        HasHeader = hasHeader;
        Capabilities = capabilities;
    }

    public FileDescriptor File => _file;

    public string Name { get; }

    /// <summary>Whether each packet is preceded by a virtio net header of <see cref="PacketOffload.Size"/> bytes.</summary>
    public bool HasHeader { get; }

    public TunCapabilities Capabilities { get; }

    /// <summary>Makes a device.</summary>
    /// <param name="name">Its name, or null for the kernel to choose.</param>
    /// <param name="offload">Whether to ask for offloads.</param>
    /// <exception cref="VpnException">It cannot be made.</exception>
    public static TunFile Create(string? name, bool offload)
    {
        if (name is not null && InterfaceName.FindFault(name) is { } fault)
            throw TunFault.InvalidName(name, fault);
        var descriptor = Open(Path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (descriptor < 0)
            throw TunFault.Open(Errno.Last);

        var file = new FileDescriptor(descriptor);
        try
        {
            var request = new InterfaceRequest();
            var hasHeader = offload && Attach(file, name, IFF_VNET_HDR, ref request) == 0;
            if (!hasHeader && Attach(file, name, 0, ref request) is var error and not 0)
                throw TunFault.Attach(name, error);
            return new TunFile(file, request.Name, hasHeader, hasHeader ? NegotiateOffload(file) : TunCapabilities.None);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private static int Attach(FileDescriptor file, string? name, ushort extraFlags, ref InterfaceRequest request)
    {
        request.Name = name ?? InterfaceName.Template;
        request.Flags = (ushort)(IFF_TUN | IFF_NO_PI | IFF_TUN_EXCL | extraFlags);
        return SetInterface(file, ref request);
    }

    private static TunCapabilities NegotiateOffload(FileDescriptor file)
    {
        // Both are the default on little-endian machines; said all the same, because the header is parsed by it.
        if (SetByReference(file, TUNSETVNETHDRSZ, PacketOffload.Size) is var sizeError and not 0)
            throw TunFault.Control("TUNSETVNETHDRSZ", sizeError);
        if (SetByReference(file, TUNSETVNETLE, 1) is var orderError and not 0)
            throw TunFault.Control("TUNSETVNETLE", orderError);
        return TunOffload.Negotiate(bits => SetByValue(file, TUNSETOFFLOAD, bits) == 0);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
