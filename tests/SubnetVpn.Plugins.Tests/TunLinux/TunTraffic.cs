using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>Traffic between two namespaces, by sockets of the two kernels.</summary>
internal static class TunTraffic
{
    private const int SafetyMilliseconds = 60_000;

    /// <summary>Sends bytes over one TCP connection.</summary>
    /// <returns>Whether the receiver got the same.</returns>
    public static bool TransferTcp(NetworkNamespace from, NetworkNamespace to, IPAddress target, int length)
    {
        var (listener, endpoint) = to.Run(() =>
        {
            var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = SafetyMilliseconds };
            socket.Bind(new IPEndPoint(target, 0));
            socket.Listen();
            return (socket, socket.LocalEndPoint!);
        });
        using var owned = listener;
        using var sender = from.NewSocket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        sender.SendTimeout = SafetyMilliseconds;

        var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sending = new Thread(() =>
        {
            sender.Connect(endpoint);
            var chunk = new byte[256 * 1024];
            for (var left = length; left > 0; left -= chunk.Length)
            {
                Random.Shared.NextBytes(chunk);
                var part = chunk.AsSpan(0, Math.Min(left, chunk.Length));
                sent.AppendData(part);
                while (!part.IsEmpty)
                    part = part[sender.Send(part)..];
            }
            sender.Shutdown(SocketShutdown.Send);
        });
        sending.Start();
        var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var total = 0L;
        using (var accepted = listener.Accept())
        {
            accepted.ReceiveTimeout = SafetyMilliseconds;
            var buffer = new byte[256 * 1024];
            while (accepted.Receive(buffer) is var count and > 0)
            {
                received.AppendData(buffer.AsSpan(0, count));
                total += count;
            }
        }
        sending.Join();
        return total == length && sent.GetHashAndReset().AsSpan().SequenceEqual(received.GetHashAndReset());
    }

    /// <summary>A UDP socket bound inside a namespace.</summary>
    public static Socket BindUdp(NetworkNamespace place, IPAddress address) => place.Run(() =>
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = SafetyMilliseconds,
            SendTimeout = SafetyMilliseconds,
            ReceiveBufferSize = 1 << 20,
        };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    });
}
