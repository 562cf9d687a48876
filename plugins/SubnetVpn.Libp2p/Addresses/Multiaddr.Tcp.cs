using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>Addresses that are plain TCP: <c>[/ip6zone/…]/ip4|ip6|dns|dns4|dns6/…/tcp/…[/p2p/…]</c>.</summary>
public sealed partial class Multiaddr
{
    /// <summary>The address of a TCP socket.</summary>
    public static Multiaddr FromTcpEndPoint(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return Parse(string.Create(CultureInfo.InvariantCulture, $"/ip4/{address}/tcp/{endPoint.Port}"));
        }

        var zone = address.ScopeId == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"/ip6zone/{address.ScopeId}");
        var unscoped = new IPAddress(address.GetAddressBytes());
        return Parse(string.Create(CultureInfo.InvariantCulture, $"{zone}/ip6/{unscoped}/tcp/{endPoint.Port}"));
    }

    /// <summary>
    /// The socket address, if this is plain TCP and nothing else (no TLS, no WebSocket, no relay): an
    /// <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> whose family says which records count.
    /// </summary>
    public bool TryGetTcpEndPoint([NotNullWhen(true)] out EndPoint? endPoint)
    {
        endPoint = null;
        var rest = _components.AsSpan(0, EndsInPeer ? _components.Length - 1 : _components.Length);
        string? zone = null;
        if (rest is [{ Protocol.Code: MultiaddrProtocols.Ip6Zone }, { Protocol.Code: MultiaddrProtocols.Ip6 }, ..])
        {
            zone = rest[0].Text;
            rest = rest[1..];
        }

        if (rest is not [var host, { Protocol.Code: MultiaddrProtocols.Tcp } tcp])
        {
            return false;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(tcp.Value.Span);
        endPoint = host.Protocol.Code switch
        {
            MultiaddrProtocols.Ip4 => new IPEndPoint(new IPAddress(host.Value.Span), port),
            MultiaddrProtocols.Ip6 when zone is null => new IPEndPoint(new IPAddress(host.Value.Span), port),
            MultiaddrProtocols.Ip6 when IPAddress.TryParse($"{host.Text}%{zone}", out var scoped) => new IPEndPoint(scoped, port),
            MultiaddrProtocols.Dns => new DnsEndPoint(host.Text, port, AddressFamily.Unspecified),
            MultiaddrProtocols.Dns4 => new DnsEndPoint(host.Text, port, AddressFamily.InterNetwork),
            MultiaddrProtocols.Dns6 => new DnsEndPoint(host.Text, port, AddressFamily.InterNetworkV6),
            _ => null,
        };
        return endPoint is not null;
    }
}
