using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Tcp.Events;

namespace SubnetVpn.Libp2p.Tcp;

/// <summary>Makes links: on Linux with our own event loops, elsewhere with the sockets of .NET.</summary>
internal sealed class LinkFactory(TcpOptions options, Libp2pCounters counters)
{
    private readonly SocketSetup _setup = new(options);
    private readonly bool _usesEventLoop = options.UseEventLoop && OperatingSystem.IsLinux();

    /// <summary>Takes over a connected socket; disposes of it when it throws.</summary>
    /// <exception cref="SocketException">The connection ended meanwhile.</exception>
    public IByteLink Of(Socket socket)
    {
        try
        {
            return _usesEventLoop ? EventLink.Of(socket, _setup, counters) : new TcpLink(socket, _setup, counters);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects; a name is resolved, and its addresses are tried in turn.</summary>
    /// <exception cref="SocketException">It could not.</exception>
    public async Task<IByteLink> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (!_usesEventLoop)
        {
            return Of(await ConnectSocketAsync(endPoint, cancellationToken).ConfigureAwait(false));
        }

        if (endPoint is not DnsEndPoint name)
        {
            return await EventLink.ConnectAsync((IPEndPoint)endPoint, _setup, counters, cancellationToken).ConfigureAwait(false);
        }

        IPAddress[] addresses = await Dns.GetHostAddressesAsync(name.Host, name.AddressFamily, cancellationToken).ConfigureAwait(false);
        var last = new SocketException((int)SocketError.NoData);
        foreach (IPAddress address in addresses)
        {
            try
            {
                return await EventLink.ConnectAsync(new IPEndPoint(address, name.Port), _setup, counters, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException exception)
            {
                last = exception;
            }
        }

        throw last;
    }

    private static async Task<Socket> ConnectSocketAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        // A name may have addresses of both families; then a socket for both tries them in turn.
        Socket socket = endPoint.AddressFamily == AddressFamily.Unspecified
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
