using System.Net;
using System.Net.Sockets;

namespace SubnetVpn.Libp2p.Kademlia.Routing;

/// <summary>A public IPv4 /24 or IPv6 /48: what one owner has many addresses of.</summary>
internal readonly record struct NetworkPrefix(bool IsIp6, long Bits)
{
    /// <summary>Null for addresses that are not public.</summary>
    public static NetworkPrefix? Of(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address))
        {
            return null;
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out _);
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? Of6(plain, bytes) : Of4(bytes);
    }

    private static NetworkPrefix? Of4(ReadOnlySpan<byte> bytes)
    {
        bool isPrivate = bytes[0] is 10 or 0 || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16) || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 169 && bytes[1] == 254) || (bytes[0] == 100 && (bytes[1] & 0xC0) == 64);
        return isPrivate ? null : new NetworkPrefix(false, (bytes[0] << 16) | (bytes[1] << 8) | bytes[2]);
    }

    private static NetworkPrefix? Of6(IPAddress address, ReadOnlySpan<byte> bytes)
    {
        if (address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
        {
            return null;
        }

        long bits = 0;
        foreach (byte part in bytes[..6])
        {
            bits = (bits << 8) | part;
        }

        return new NetworkPrefix(true, bits);
    }
}
