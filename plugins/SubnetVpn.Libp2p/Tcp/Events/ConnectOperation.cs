using System.Net;
using System.Net.Sockets;

namespace SubnetVpn.Libp2p.Tcp.Events;

/// <summary>Connects a socket.</summary>
internal sealed class ConnectOperation(Socket socket, EventLoop loop) : SocketOperation(loop)
{
    public async Task ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        try
        {
            socket.Connect(endPoint);
            return;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // As expected: it goes on, and the event tells the end.
        }

        await Start(isDeferred: false, cancellationToken).ConfigureAwait(false);
    }

    protected override int Attempt()
    {
        if (!socket.Poll(0, SelectMode.SelectWrite))
        {
            return Again;
        }

        var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        return error == SocketError.Success ? 0 : throw new SocketException((int)error);
    }
}
