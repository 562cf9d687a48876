using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Tcp;

/// <summary>A connected TCP socket.</summary>
internal sealed class TcpLink : IByteLink
{
    private readonly Socket _socket;

    /// <exception cref="SocketException">The connection ended meanwhile.</exception>
    public TcpLink(Socket socket, SocketSetup setup)
    {
        _socket = socket;
        RemoteEndPoint = Unmap(socket.RemoteEndPoint as IPEndPoint ?? throw new SocketException((int)SocketError.NotConnected));
        Congestion = setup.Apply(socket);
    }

    public IPEndPoint RemoteEndPoint { get; }

    public string? Congestion { get; }

    public ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        _socket.ReceiveAsync(destination, SocketFlags.None, cancellationToken);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _socket.SendAsync(bytes, SocketFlags.None, cancellationToken);

    public void FinishSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already, which is what was wanted.
        }
    }

    public void Close() => _socket.Dispose();

    private static IPEndPoint Unmap(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
