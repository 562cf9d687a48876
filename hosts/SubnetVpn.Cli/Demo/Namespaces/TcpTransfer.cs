using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SubnetVpn.Cli.Demo.Namespaces;

/// <summary>
/// Sends random bytes over TCP from one namespace to the other and compares hashes. Hashes are made before and after the
/// clock runs, so that they do not share the processor with what is measured.
/// </summary>
internal sealed class TcpTransfer(int length, TimeProvider time)
{
    private const int Chunk = 256 * 1024;

    private readonly byte[] _sent = RandomNumberGenerator.GetBytes(length);
    private readonly byte[] _received = new byte[length];

    public async Task<TransferResult> RunAsync(NetworkNamespace from, NetworkNamespace to, IPAddress address, CancellationToken cancellationToken)
    {
        // Touches every page, too.
        Array.Fill<byte>(_received, 0xEE);
        using var listener = to.MakeSocket(() => NewSocket(address));
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        using var sender = from.MakeSocket(() => NewSocket(address));

        var accepting = listener.AcceptAsync(cancellationToken).AsTask();
        await sender.ConnectAsync(listener.LocalEndPoint!, cancellationToken);
        using var receiver = await accepting;
        var start = time.GetTimestamp();
        var receiving = ReceiveAsync(receiver, cancellationToken);
        await SendAsync(sender, cancellationToken);
        var count = await receiving;
        var elapsed = time.GetElapsedTime(start);

        var hash = SHA256.HashData(_received);
        return count == length && hash.AsSpan().SequenceEqual(SHA256.HashData(_sent))
            ? new TransferResult(count, elapsed, Convert.ToHexStringLower(hash))
            : throw DemoFault.Because($"{count} of {length} bytes arrived at {address}, and their SHA-256 differs from what was sent.");
    }

    private static Socket NewSocket(IPAddress address) => new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    private async Task SendAsync(Socket socket, CancellationToken cancellationToken)
    {
        for (var offset = 0; offset < length;)
            offset += await socket.SendAsync(_sent.AsMemory(offset, Math.Min(Chunk, length - offset)), cancellationToken);
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task<int> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        var offset = 0;
        while (offset < length && await socket.ReceiveAsync(_received.AsMemory(offset, Math.Min(Chunk, length - offset)), cancellationToken) is var count and > 0)
            offset += count;
        return offset;
    }
}
