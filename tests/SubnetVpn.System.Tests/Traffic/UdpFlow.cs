using System.Buffers.Binary;
using System.Collections;
using System.Net;
using System.Net.Sockets;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Traffic;

/// <summary>
/// One UDP flow of numbered packets. The sender stays at most a window ahead of what has arrived, so that the
/// flow runs as fast as it is carried; what is lost is passed over after a short wait.
/// </summary>
internal sealed class UdpFlow : IDisposable
{
    private const int SolSocket = 1, SoReceiveBufferForce = 33; // <asm-generic/socket.h>
    private const int SolUdp = 17, UdpSegment = 103; // <linux/udp.h>
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(300);
    private readonly Socket _sender;
    private readonly Socket _receiver;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly int _size;
    private readonly int _segments;
    private readonly int _window;
    private long _highest = -1;

    // Size: bytes of payload a packet. Segments: how many packets the kernel gets at once, to part them itself (UDP_SEGMENT).
    // Window: how many packets it may be ahead.
    public UdpFlow(NetworkNamespace from, NetworkNamespace to, IPAddress address, int size, int segments, int window)
    {
        (_size, _segments, _window) = (size, segments, window);
        _receiver = to.CreateSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _receiver.SetRawSocketOption(SolSocket, SoReceiveBufferForce, BitConverter.GetBytes(8 << 20));
        _receiver.Bind(new IPEndPoint(address, 0));
        _sender = from.CreateSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _sender.Connect(_receiver.LocalEndPoint!);
        if (segments > 1)
        {
            _sender.SetRawSocketOption(SolUdp, UdpSegment, BitConverter.GetBytes(size));
        }
    }

    public async Task<UdpFlowReport> RunAsync(int packets, CancellationToken cancellationToken)
    {
        var sending = Task.Run(() => SendAsync(packets, cancellationToken), cancellationToken);
        var receiving = Task.Run(() => ReceiveAsync(packets, sending, cancellationToken), cancellationToken);
        await sending;
        return await receiving;
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _arrived.Dispose();
    }

    private async Task SendAsync(int packets, CancellationToken cancellationToken)
    {
        var buffer = new byte[_size * _segments];
        for (var number = 0; number < packets;)
        {
            while (number - Interlocked.Read(ref _highest) > _window && await _arrived.WaitAsync(_patience, cancellationToken))
            {
            }

            var count = Math.Min(_segments, packets - number);
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(i * _size), number + i);
            }

            await _sender.SendAsync(buffer.AsMemory(0, count * _size), SocketFlags.None, cancellationToken);
            number += count;
        }
    }

    private async Task<UdpFlowReport> ReceiveAsync(int packets, Task sending, CancellationToken cancellationToken)
    {
        var report = new UdpFlowReport { Sent = packets };
        var seen = new BitArray(packets);
        var buffer = new byte[65536];
        while (report.Received < packets && await ReceiveOneAsync(buffer, sending, cancellationToken) is { } length)
        {
            var number = length == _size ? BinaryPrimitives.ReadInt32BigEndian(buffer) : -1;
            if (number < 0 || number >= packets)
            {
                report.Malformed++;
            }
            else if (seen[number])
            {
                report.Duplicates++;
            }
            else
            {
                seen[number] = true;
                report.Received++;
                report.Reordered += number < _highest ? 1 : 0;
                Interlocked.Exchange(ref _highest, Math.Max(_highest, number));
                _arrived.Release();
            }
        }

        return report;
    }

    // The length of the next packet; null when the sender is done and nothing came for a while.
    private async Task<int?> ReceiveOneAsync(byte[] buffer, Task sending, CancellationToken cancellationToken)
    {
        if (_receiver.Available > 0)
        {
            return await _receiver.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, cancellationToken);
        }

        while (true)
        {
            var isLast = sending.IsCompleted;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(1));
            try
            {
                return await _receiver.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (isLast)
                {
                    return null;
                }
            }
        }
    }
}
