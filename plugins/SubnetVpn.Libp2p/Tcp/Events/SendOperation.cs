using System.Net.Sockets;
using SubnetVpn.Libp2p.Diagnostics;

namespace SubnetVpn.Libp2p.Tcp.Events;

/// <summary>Sends all that it was given.</summary>
internal sealed class SendOperation(Socket socket, EventLoop loop, Libp2pCounters counters) : SocketOperation(loop)
{
    private ReadOnlyMemory<byte> _bytes;
    private int _sent;

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _bytes = bytes;
        _sent = 0;
        return Start(isDeferred: false, cancellationToken);
    }

    protected override int Attempt()
    {
        while (_sent < _bytes.Length)
        {
            int count = socket.Send(_bytes.Span[_sent..], SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return Again;
            }

            if (error != SocketError.Success)
            {
                throw new SocketException((int)error);
            }

            counters.Sent(count);
            _sent += count;
        }

        return _sent;
    }
}
