using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Traffic;

/// <summary>One TCP connection between two machines that carries bytes in one direction, hashed at both ends.</summary>
internal static class TcpTransfer
{
    private const int BlockSize = 1 << 18;

    public static async Task<TransferReport> RunAsync(NetworkNamespace from, NetworkNamespace to, IPAddress address, long bytes, CancellationToken cancellationToken)
    {
        using var listener = to.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        using var sender = from.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var watch = Stopwatch.StartNew();
        var accepting = listener.AcceptAsync(cancellationToken);
        await sender.ConnectAsync(listener.LocalEndPoint!, cancellationToken);
        using var receiver = await accepting;

        var sending = Task.Run(() => SendAsync(sender, bytes, cancellationToken), cancellationToken);
        var receiving = Task.Run(() => ReceiveAsync(receiver, cancellationToken), cancellationToken);
        var sentHash = await sending;
        var (received, receivedHash) = await receiving;
        return new TransferReport(bytes, sentHash, received, receivedHash, watch.Elapsed);
    }

    private static async Task<string> SendAsync(Socket socket, long bytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = RandomNumberGenerator.GetBytes(BlockSize);
        for (long sent = 0; sent < bytes;)
        {
            BitConverter.TryWriteBytes(block, sent); // No two blocks are equal, so that a lost or repeated one shows.
            var part = block.AsMemory(0, (int)Math.Min(BlockSize, bytes - sent));
            hash.AppendData(part.Span);
            for (var offset = 0; offset < part.Length;)
            {
                offset += await socket.SendAsync(part[offset..], SocketFlags.None, cancellationToken);
            }

            sent += part.Length;
        }

        socket.Shutdown(SocketShutdown.Send);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task<(long Count, string Hash)> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BlockSize];
        long received = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, cancellationToken) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            received += count;
        }

        return (received, Convert.ToHexString(hash.GetHashAndReset()));
    }
}
