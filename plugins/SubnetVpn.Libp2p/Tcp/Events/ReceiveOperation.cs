using System.Net.Sockets;
using SubnetVpn.Libp2p.Diagnostics;

namespace SubnetVpn.Libp2p.Tcp.Events;

/// <summary>Receives what is there.</summary>
internal sealed class ReceiveOperation(Socket socket, EventLoop loop, Libp2pCounters counters) : SocketOperation(loop)
{
    /// <summary>Receives in a row on the loop's thread before other sockets have their turn.</summary>
    private const int MaxInARow = 4;

    private Memory<byte> _destination;
    private int _inARow;

    public ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        _destination = destination;
        bool isDeferred = Loop.IsCurrent && ++_inARow > MaxInARow;
        _inARow = isDeferred ? 0 : _inARow;
        return Start(isDeferred, cancellationToken);
    }

    protected override int Attempt()
    {
        int count = socket.Receive(_destination.Span, SocketFlags.None, out SocketError error);
        switch (error)
        {
            case SocketError.Success:
                counters.Received(count);
                return count;
            case SocketError.WouldBlock:
                _inARow = 0;
                return Again;
            default:
                throw new SocketException((int)error);
        }
    }
}
