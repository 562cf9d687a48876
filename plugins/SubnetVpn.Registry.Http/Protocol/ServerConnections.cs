using System.Net;
using System.Net.Sockets;

namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>Connects to the server, and never through our own tunnels: what holds them up must not depend on them.</summary>
internal static class ServerConnections
{
    private const int MaxConnections = 8;
    private const int MaxHeaderKilobytes = 16;

    // So that a server that moved in the DNS is found again.
    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Makes what requests go through.</summary>
    /// <param name="subnets">The addresses that are not to be dialled.</param>
    public static SocketsHttpHandler Create(IVirtualSubnets subnets) => new()
    {
        // A signature is for one server and one path.
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = MaxConnections,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        PooledConnectionLifetime = s_connectionLifetime,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, subnets, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint server, IVirtualSubnets subnets, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(server.Host, cancellationToken);
        var outside = Array.FindAll(addresses, address => !subnets.Contains(VirtualIp.From(address)));
        if (outside.Length == 0)
            throw new IOException(addresses.Length == 0 ? $"{server.Host} has no address." : $"{server.Host} ({string.Join<IPAddress>(", ", addresses)}) is inside a virtual subnet of this node.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(outside, server.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
