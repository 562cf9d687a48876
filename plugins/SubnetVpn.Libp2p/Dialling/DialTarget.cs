using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Dialling;

/// <summary>An address of a peer that can be dialled.</summary>
internal sealed record DialTarget(Multiaddr Address, EndPoint EndPoint)
{
    public static DialTarget? TryCreate(PeerId peer, Multiaddr address)
    {
        bool isAnothers = address.TryGetPeerId(out PeerId named) && named != peer;
        return !isAnothers && address.TryGetTcpEndPoint(out EndPoint? endPoint)
            ? new DialTarget(address.WithoutPeerId() ?? address, endPoint)
            : null;
    }

    /// <summary>Loopback, private (RFC 1918, RFC 4193) and link-local addresses answer fast or not at all.</summary>
    public bool IsPrivate
    {
        get
        {
            if (EndPoint is not IPEndPoint { Address: var address })
            {
                return false;
            }

            if (IPAddress.IsLoopback(address))
            {
                return true;
            }

            Span<byte> bytes = stackalloc byte[16];
            return address.TryWriteBytes(bytes, out _) && (address.AddressFamily == AddressFamily.InterNetworkV6
                ? address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal
                : bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16) || (bytes[0] == 192 && bytes[1] == 168)
                    || (bytes[0] == 169 && bytes[1] == 254));
        }
    }
}
