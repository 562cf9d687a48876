using System.Net;
using System.Net.Sockets;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Traffic;

/// <summary>UDP datagrams to a socket of the other machine that sends each back.</summary>
internal sealed class UdpEchoChannel : IEchoChannel
{
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly Task _serving;
    private readonly byte[] _buffer = new byte[65536];

    public UdpEchoChannel(NetworkNamespace from, NetworkNamespace to, IPAddress address)
    {
        _server = to.CreateSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _server.Bind(new IPEndPoint(address, 0));
        _client = from.CreateSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _client.Connect(_server.LocalEndPoint!);
        _serving = Task.Run(ServeAsync);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        await _client.SendAsync(payload, SocketFlags.None, cancellationToken);

    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken) =>
        _buffer.AsMemory(0, await _client.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _server.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[65536];
        try
        {
            while (true)
            {
                var received = await _server.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, _client.LocalEndPoint!);
                await _server.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, received.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
        {
            // Disposed.
        }
    }
}
