using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Traffic;

/// <summary>
/// UDP flows of numbered packets to one receiver, in turns and at a pace that nothing slows down. Each flow has a port of its
/// own; flows may be added and taken away while it runs. To an address where nobody is, they are what knocks at it.
/// </summary>
internal sealed class NumberedFlows : IAsyncDisposable
{
    private const int SolSocket = 1, SoReceiveBufferForce = 33; // <asm-generic/socket.h>
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);
    private readonly NetworkNamespace _from;
    private readonly IPEndPoint _to;
    private readonly Socket? _receiver;
    private readonly int _size;
    private readonly ConcurrentDictionary<int, NumberedFlow> _all = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _sending;
    private readonly Task _receiving;
    private volatile NumberedFlow[] _sent = [];
    private long _packets;
    private long _malformed;
    private int _largestBurst;

    // Size: bytes of payload a packet.
    public NumberedFlows(LabNode from, LabNode to, int packetsPerSecond, int size)
        : this(from, Bind(to), packetsPerSecond, size)
    {
    }

    public NumberedFlows(LabNode from, IPEndPoint to, int packetsPerSecond, int size)
        : this(from, null, to, packetsPerSecond, size)
    {
    }

    private NumberedFlows(LabNode from, Socket receiver, int packetsPerSecond, int size)
        : this(from, receiver, (IPEndPoint)receiver.LocalEndPoint!, packetsPerSecond, size)
    {
    }

    private NumberedFlows(LabNode from, Socket? receiver, IPEndPoint to, int packetsPerSecond, int size)
    {
        (_from, _receiver, _to, _size) = (from.Machine.Namespace, receiver, to, size);
        _sending = Task.Run(() => SendAsync(packetsPerSecond));
        _receiving = receiver is null ? Task.CompletedTask : Task.Run(() => ReceiveAsync(receiver));
    }

    /// <summary>Packets sent so far.</summary>
    public long Packets => Interlocked.Read(ref _packets);

    /// <summary>Packets that have come so far.</summary>
    public long Received => _all.Values.Sum(flow => flow.Received);

    /// <summary>The most packets that were due at once, because the machine was busy.</summary>
    public int LargestBurst => _largestBurst;

    /// <summary>More flows, which take part at once.</summary>
    public IReadOnlyList<NumberedFlow> Add(int count)
    {
        var added = new List<NumberedFlow>();
        for (var i = 0; i < count; i++)
        {
            var socket = _from.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(_to);
            var flow = new NumberedFlow(_all.Count, socket);
            _all[flow.Id] = flow;
            added.Add(flow);
        }

        _sent = [.. _sent, .. added];
        return added;
    }

    /// <summary>These flows send no more.</summary>
    public void Remove(IReadOnlyList<NumberedFlow> flows) => _sent = [.. _sent.Except(flows)];

    /// <summary>Sends no more, and waits until nothing comes any more; what became of all packets.</summary>
    public async Task<UdpFlowReport> FinishAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        long before;
        do
        {
            before = Received;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        while (Received > before);

        return UdpFlowReport.Sum(_all.Values.Select(flow => flow.Report)) with { Malformed = (int)Interlocked.Read(ref _malformed) };
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _disposing.CancelAsync();
        await Task.WhenAll(_sending, _receiving);
        _receiver?.Dispose();
        foreach (var flow in _all.Values)
        {
            flow.Dispose();
        }

        _stopping.Dispose();
        _disposing.Dispose();
    }

    private static Socket Bind(LabNode node)
    {
        var receiver = node.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.SetRawSocketOption(SolSocket, SoReceiveBufferForce, BitConverter.GetBytes(32 << 20));
        receiver.Bind(new IPEndPoint(node.VirtualIp, 0));
        return receiver;
    }

    private async Task SendAsync(int packetsPerSecond)
    {
        var buffer = new byte[_size];
        using var timer = new PeriodicTimer(_tick, TimeProvider.System);
        var (start, next) = (Stopwatch.GetTimestamp(), 0);
        try
        {
            for (long due; ; await timer.WaitForNextTickAsync(_stopping.Token))
            {
                due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * packetsPerSecond);
                var flows = _sent;
                _largestBurst = Math.Max(_largestBurst, flows.Length == 0 ? 0 : (int)(due - _packets));
                for (; flows.Length > 0 && _packets < due; Interlocked.Increment(ref _packets))
                {
                    var flow = flows[next++ % flows.Length];
                    BinaryPrimitives.WriteInt32BigEndian(buffer, flow.Id);
                    BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(4), flow.TakeNumber());
                    await flow.Socket.SendAsync(buffer.AsMemory(), SocketFlags.None, _disposing.Token); // What has a number is sent.
                }

                if (flows.Length == 0)
                {
                    start = Stopwatch.GetTimestamp() - (long)(_packets / (double)packetsPerSecond * Stopwatch.Frequency);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Finished.
        }
    }

    private async Task ReceiveAsync(Socket receiver)
    {
        var buffer = new byte[65536];
        try
        {
            while (true)
            {
                var length = await receiver.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, _disposing.Token);
                if (length != _size || !_all.TryGetValue(BinaryPrimitives.ReadInt32BigEndian(buffer), out var flow)
                    || !flow.TryNote(BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(4))))
                {
                    Interlocked.Increment(ref _malformed);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
