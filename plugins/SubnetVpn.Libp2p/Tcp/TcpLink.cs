using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;

namespace SubnetVpn.Libp2p.Tcp;

/// <summary>
/// A connected TCP socket of .NET, where there is no <see cref="Events.EventLink"/>. Every byte goes through here, so here the bytes on
/// the wire are counted: once a system call.
/// </summary>
internal sealed class TcpLink : IByteLink
{
    private readonly Socket _socket;
    private readonly Libp2pCounters _counters;

    /// <exception cref="SocketException">The connection ended meanwhile.</exception>
    public TcpLink(Socket socket, SocketSetup setup, Libp2pCounters counters)
    {
        _socket = socket;
        _counters = counters;
        RemoteEndPoint = Unmap(socket.RemoteEndPoint as IPEndPoint ?? throw new SocketException((int)SocketError.NotConnected));
        Congestion = setup.Apply(socket);
    }

    public IPEndPoint RemoteEndPoint { get; }

    public string? Congestion { get; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int count = await _socket.ReceiveAsync(destination, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        _counters.Received(count);
        return count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        int count = await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        _counters.Sent(count);
        return count;
    }

    public void RunOnLoop()
    {
        // It runs on the thread pool, where it disturbs nobody.
    }

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
