using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;

namespace SubnetVpn.Cli.Demo.InProcess;

/// <summary>
/// This program as the host of a memory TUN: packets over a Unix socket, each after its length (<c>u32</c>, big-endian).
/// </summary>
internal sealed class HostLink : IAsyncDisposable
{
    private const int LengthBytes = 4;

    private readonly NetworkStream _stream;
    // Whoever sends waits for answers, and never for more than this; when it is full, the node waits.
    private readonly Channel<byte[]> _packets = Channel.CreateBounded<byte[]>(1024);
    private readonly Task _reading;

    private HostLink(NetworkStream stream)
    {
        _stream = stream;
        _reading = ReadAsync();
    }

    public static async Task<HostLink> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new HostLink(new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a packet into the node.</summary>
    public async Task SendAsync(byte[] packet, CancellationToken cancellationToken)
    {
        var framed = new byte[LengthBytes + packet.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, packet.Length);
        packet.CopyTo(framed, LengthBytes);
        await _stream.WriteAsync(framed, cancellationToken);
    }

    /// <summary>Waits for a packet from the node.</summary>
    public ValueTask<byte[]> ReceiveAsync(CancellationToken cancellationToken) => _packets.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _packets.Writer.TryComplete();
        await _reading;
    }

    // Apart from the waiting, which is given up now and then: half a packet must not be lost with it.
    private async Task ReadAsync()
    {
        var header = new byte[LengthBytes];
        try
        {
            while (true)
            {
                await _stream.ReadExactlyAsync(header);
                var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(header)];
                await _stream.ReadExactlyAsync(packet);
                await _packets.Writer.WriteAsync(packet);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or ChannelClosedException)
        {
            _packets.Writer.TryComplete(exception);
        }
    }
}
