using System.Runtime.InteropServices;
using static SubnetVpn.Tun.Linux.Netlink.NetlinkConstants;
using static SubnetVpn.Tun.Linux.Netlink.RouteConstants;

namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>Reads the addresses and routes that the host has.</summary>
internal static partial class HostTables
{
    // A table that changes while it is read is read again; a host whose tables never rest gets what was read last.
    private const int Attempts = 5;

    // if.h: IF_NAMESIZE
    private const int NameBytes = 16;

    public static List<HostAddress> ReadAddresses(NetlinkSocket netlink)
    {
        var request = new NetlinkRequest(RTM_GETADDR, NLM_F_DUMP).Header(new AddressMessage { Family = AF_UNSPEC });
        return Read<HostAddress>(netlink, request, static (body, list) =>
        {
            var message = MemoryMarshal.Read<AddressMessage>(body);
            VirtualIp? address = null;
            var reader = new NetlinkReader(body[Marshal.SizeOf<AddressMessage>()..]);
            while (reader.TryNext(out var type, out var value))
                // IPv4 has both, and on a point-to-point link IFA_ADDRESS is the other end; IPv6 may have IFA_ADDRESS alone.
                if (type == IFA_LOCAL || (type == IFA_ADDRESS && address is null))
                    address = ReadAddress(value);
            if (address is { } found)
                list.Add(new HostAddress(found, (int)message.Index));
        });
    }

    public static List<HostRoute> ReadRoutes(NetlinkSocket netlink)
    {
        var request = new NetlinkRequest(RTM_GETROUTE, NLM_F_DUMP).Header(new RouteMessage { Family = AF_UNSPEC });
        return Read<HostRoute>(netlink, request, static (body, list) =>
        {
            var message = MemoryMarshal.Read<RouteMessage>(body);
            if (message.Family is not (AF_INET or AF_INET6) || (message.Flags & RTM_F_CLONED) != 0)
                return;
            int table = message.Table, output = 0;
            VirtualIp? destination = VirtualIp.FromBytes(new byte[message.Family == AF_INET ? 4 : 16]);
            var reader = new NetlinkReader(body[Marshal.SizeOf<RouteMessage>()..]);
            while (reader.TryNext(out var type, out var value))
                switch (type)
                {
                    case RTA_DST:
                        destination = ReadAddress(value);
                        break;
                    case RTA_OIF:
                        output = MemoryMarshal.Read<int>(value);
                        break;
                    case RTA_TABLE:
                        table = MemoryMarshal.Read<int>(value);
                        break;
                }
            if (table == RT_TABLE_MAIN && destination is { } found && message.DestinationLength <= found.BitLength)
                list.Add(new HostRoute(new IpPrefix(found, message.DestinationLength), output));
        });
    }

    /// <summary>Whether the kernel delivers packets for an IPv6 address to this host.</summary>
    public static bool IsLocal(NetlinkSocket netlink, VirtualIp address)
    {
        var isLocal = false;
        var request = new NetlinkRequest(RTM_GETROUTE, NLM_F_ACK)
            .Header(new RouteMessage { Family = AF_INET6, DestinationLength = 128 })
            .Attribute(RTA_DST, address);
        var error = netlink.Execute(request, body => isLocal = MemoryMarshal.Read<RouteMessage>(body).Type == RTN_LOCAL);
        return error == 0 && isLocal;
    }

    /// <summary>The number of an interface; 0 when there is none of this name.</summary>
    public static int FindIndex(string name) => (int)IndexOf(name);

    /// <summary>The name of an interface; its number when it is gone.</summary>
    public static string FindName(int index)
    {
        Span<byte> buffer = stackalloc byte[NameBytes];
        return NameOf((uint)index, ref MemoryMarshal.GetReference(buffer)) == 0
            ? $"number {index}"
            : System.Text.Encoding.UTF8.GetString(buffer[..buffer.IndexOf((byte)0)]);
    }

    private static List<T> Read<T>(NetlinkSocket netlink, NetlinkRequest request, Action<ReadOnlySpan<byte>, List<T>> parse)
    {
        var list = new List<T>();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            list.Clear();
            if (netlink.Dump(request, body => parse(body, list)))
                break;
        }
        return list;
    }

    private static VirtualIp? ReadAddress(ReadOnlySpan<byte> bytes) =>
        bytes.Length is 4 or 16 ? VirtualIp.FromBytes(bytes) : null;

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOf(string name);

    [LibraryImport("libc", EntryPoint = "if_indextoname")]
    private static partial nint NameOf(uint index, ref byte name);
}
