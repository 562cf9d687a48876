using System.Threading.Tasks.Sources;
using SubnetVpn.Core.Dispatch;

namespace SubnetVpn.Core.Streams;

/// <summary>
/// The bounded queue in front of one stream: many producers, one consumer, first in first out. Full means full: the
/// newest packet is refused, and the caller counts it. Its memory grows to what was needed, and then nothing is allocated.
/// </summary>
/// <param name="maxPackets">Packets that it holds.</param>
/// <param name="maxBytes">Bytes that it holds; one packet is always let in, however large.</param>
internal sealed class PacketQueue(int maxPackets, int maxBytes) : IValueTaskSource<bool>
{
    // Idle streams have a ping in it now and then, and nothing else.
    private const int InitialSlots = 4;

    // Control frames pass the limits, and are few: a peer that makes us send more of them than this is broken.
    private const int MaxControlFrames = 1024;

    private readonly Lock _gate = new();
    private QueuedPacket[] _ring = new QueuedPacket[InitialSlots];
    private ManualResetValueTaskSourceCore<bool> _wait;
    private int _head;
    private int _count;
    private int _control;
    private int _bytes;
    private bool _closed;
    private bool _abandoned;
    private bool _waiting;

    /// <summary>Packets and control frames in it.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of the packets in it.</summary>
    public int Bytes => Volatile.Read(ref _bytes);

    /// <summary>How full it is, 0 to 1: by packets or by bytes, whichever is more.</summary>
    public double Filling => Math.Min(1, Math.Max((double)Count / maxPackets, (double)Bytes / maxBytes));

    /// <summary>The tag of the packet at the front, which is when it was put in; null when there is none.</summary>
    public long? FrontTag
    {
        get
        {
            lock (_gate)
                return _count > 0 && !_ring[_head].IsControl ? _ring[_head].Packet.Tag : null;
        }
    }

    /// <summary>Puts a packet in, or says why not: <see cref="PacketDropReason.StreamQueueFull"/>, or <see cref="PacketDropReason.StreamFailed"/> once closed.</summary>
    public PacketDropReason TryEnqueue(in QueuedPacket packet)
    {
        lock (_gate)
        {
            if (_closed)
                return PacketDropReason.StreamFailed;
            var packets = _count - _control;
            if (packets >= maxPackets || (packets > 0 && _bytes + packet.Packet.Length > maxBytes))
                return PacketDropReason.StreamQueueFull;
            _bytes += packet.Packet.Length;
            if (!Put(packet))
                return PacketDropReason.None;
        }
        // Not here and now: the caller holds the gate of the peer.
        if (!WriterTurn.TryAdd(this))
            WakeWriter(runHere: false);
        return PacketDropReason.None;
    }

    /// <summary>Wakes the consumer, whom the last packet found waiting.</summary>
    /// <param name="runHere">Whether it runs on this thread, until it waits again.</param>
    public void WakeWriter(bool runHere)
    {
        _wait.RunContinuationsAsynchronously = !runHere;
        _wait.SetResult(true);
    }

    /// <summary>
    /// Puts a control frame in, whatever the limits of packets, or says why not: <see cref="PacketDropReason.StreamQueueFull"/>
    /// when there are too many of them, or <see cref="PacketDropReason.StreamFailed"/> once closed.
    /// </summary>
    public PacketDropReason TryEnqueueControl(PacketBuffer frame)
    {
        lock (_gate)
        {
            if (_closed)
                return PacketDropReason.StreamFailed;
            if (_control >= MaxControlFrames)
                return PacketDropReason.StreamQueueFull;
            _control++;
            if (!Put(new QueuedPacket(frame, null, null)))
                return PacketDropReason.None;
        }
        WakeWriter(runHere: false);
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

    // Returns whether the consumer waits, and is to be woken outside the lock.
    private bool Put(in QueuedPacket packet)
    {
        if (_count == _ring.Length)
            Grow();
        var index = _head + _count;
        _ring[index < _ring.Length ? index : index - _ring.Length] = packet;
        _count++;
        var wake = _waiting;
        _waiting = false;
        return wake;
    }

    private void Grow()
    {
        var larger = new QueuedPacket[_ring.Length * 2];
        var first = _ring.AsSpan(_head);
        first.CopyTo(larger);
        _ring.AsSpan(0, _head).CopyTo(larger.AsSpan(first.Length));
        (_ring, _head) = (larger, 0);
    }

    private int TakeLocked(Span<QueuedPacket> destination, int byteLimit)
    {
        var taken = 0;
        var bytes = 0;
        while (taken < destination.Length && _count > 0)
        {
            ref var entry = ref _ring[_head];
            var length = entry.IsControl ? 0 : entry.Packet.Length;
            if (taken > 0 && bytes + length > byteLimit)
                break;
            bytes += length;
            if (entry.IsControl)
                _control--;
            destination[taken++] = entry;
            entry = default;
            _head = _head + 1 == _ring.Length ? 0 : _head + 1;
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
        _wait.RunContinuationsAsynchronously = true;
        _wait.SetResult(false);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}
