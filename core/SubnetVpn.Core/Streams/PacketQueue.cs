using System.Threading.Tasks.Sources;
using SubnetVpn.Core.Dispatch;

namespace SubnetVpn.Core.Streams;

/// <summary>
/// The bounded queue in front of one stream: many producers, one consumer, first in first out. Full means full: the
/// newest packet is refused, and the caller counts it. Allocates nothing after construction.
/// </summary>
internal sealed class PacketQueue(int maxPackets, int maxBytes) : IValueTaskSource<bool>
{
    private readonly Lock _gate = new();
    private readonly QueuedPacket[] _ring = new QueuedPacket[maxPackets];
    // The consumer must not run on the producer's thread: that is the TUN reader, which serves all peers.
    private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true };
    private int _head;
    private int _count;
    private int _bytes;
    private bool _closed;
    private bool _abandoned;
    private bool _waiting;

    public int Capacity => maxPackets;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts a packet in, or says why not: <see cref="PacketDropReason.StreamQueueFull"/>, or <see cref="PacketDropReason.StreamFailed"/> once closed.</summary>
    public PacketDropReason TryEnqueue(in QueuedPacket packet)
    {
        lock (_gate)
        {
            if (_closed)
                return PacketDropReason.StreamFailed;
            // One packet is always let in, however large, so that a small byte limit cannot block for ever.
            if (_count == maxPackets || (_count > 0 && _bytes + packet.Packet.Length > maxBytes))
                return PacketDropReason.StreamQueueFull;
            var index = _head + _count;
            _ring[index < maxPackets ? index : index - maxPackets] = packet;
            _count++;
            _bytes += packet.Packet.Length;
            if (!_waiting)
                return PacketDropReason.None;
            _waiting = false;
        }
        _wait.SetResult(true);
        return PacketDropReason.None;
    }

    /// <summary>Waits until there is a packet (true) or no more will come (false). One caller at a time.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (_count > 0 && !_abandoned)
                return new ValueTask<bool>(true);
            if (_closed)
                return new ValueTask<bool>(false);
            _wait.Reset();
            _waiting = true;
            return new ValueTask<bool>(this, _wait.Version);
        }
    }

    /// <summary>Takes packets from the front: as many as fit the destination and the byte limit, at least one when there is one.</summary>
    public int Take(Span<QueuedPacket> destination, int byteLimit)
    {
        lock (_gate)
            return _abandoned ? 0 : TakeLocked(destination, byteLimit);
    }

    /// <summary>Takes what the writer left behind in an abandoned queue.</summary>
    public int TakeAbandoned(Span<QueuedPacket> destination)
    {
        lock (_gate)
            return TakeLocked(destination, int.MaxValue);
    }

    /// <summary>Takes no more packets. What is queued is still the writer's.</summary>
    public void Close() => Close(abandon: false);

    /// <summary>Takes no more packets, and gives no more to the writer: what is queued is for <see cref="TakeAbandoned"/>.</summary>
    public void Abandon() => Close(abandon: true);

    private int TakeLocked(Span<QueuedPacket> destination, int byteLimit)
    {
        var taken = 0;
        var bytes = 0;
        while (taken < destination.Length && _count > 0)
        {
            ref var entry = ref _ring[_head];
            if (taken > 0 && bytes + entry.Packet.Length > byteLimit)
                break;
            bytes += entry.Packet.Length;
            destination[taken++] = entry;
            entry = default;
            _head = _head + 1 == maxPackets ? 0 : _head + 1;
            _count--;
        }
        _bytes -= bytes;
        return taken;
    }

    private void Close(bool abandon)
    {
        lock (_gate)
        {
            _closed = true;
            _abandoned |= abandon;
            if (!_waiting)
                return;
            _waiting = false;
        }
        _wait.SetResult(false);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}
