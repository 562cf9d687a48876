using SubnetVpn.Core.Streams;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// The worker of one connection key: keeps its flow on one stream, and holds its packets while it has none. A light
/// object, no thread: it runs on the thread of whoever dispatches. Guarded by the gate of its <see cref="PeerSession"/>.
/// </summary>
internal sealed class FlowWorker(ConnectionKey key, HeldBudget budget)
{
    // What came back from streams that ended, the oldest on top: all of it is older than what was held since.
    private Stack<QueuedPacket>? _recovered;
    private Queue<QueuedPacket>? _held;

    public ConnectionKey Key { get; } = key;

    /// <summary>The queue of the stream that the flow is assigned to; null while it waits for one.</summary>
    public StreamChannel? Channel { get; set; }

    /// <summary>The number of the flow's last packet among those of <see cref="Channel"/>.</summary>
    public long LastNumber { get; set; }

    /// <summary>Timestamp of the last packet.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether it is in the pool's list of those that wait for a stream.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>The stream that it is to leave once all that it sent on it has arrived; null while it does not move.</summary>
    public StreamChannel? MovingFrom { get; set; }

    public int HeldCount => (_recovered?.Count ?? 0) + (_held?.Count ?? 0);

    /// <summary>Whether no packet of the flow is on the way any more, as far as can be known.</summary>
    public bool IsDelivered => HeldCount == 0 && (Channel is null || Channel.HasDelivered(LastNumber));

    /// <summary>Keeps a packet behind those that are held already; false when there is no room.</summary>
    public bool TryHold(in QueuedPacket packet, int limit)
    {
        if (HeldCount >= limit || !budget.TryTake(packet.Packet))
            return false;
        (_held ??= new Queue<QueuedPacket>()).Enqueue(packet);
        return true;
    }

    /// <summary>
    /// Keeps a packet that came back from a stream that ended, before all that is held: it is older. Of several, the newest is
    /// to be given first. False when the peer's workers have no room.
    /// </summary>
    public bool TryRecover(in QueuedPacket packet)
    {
        if (!budget.TryTake(packet.Packet))
            return false;
        (_recovered ??= new Stack<QueuedPacket>()).Push(packet);
        return true;
    }

    /// <summary>The oldest held packet, which stays held.</summary>
    public bool TryPeek(out QueuedPacket packet)
    {
        if (_recovered is { Count: > 0 })
            packet = _recovered.Peek();
        else if (_held is { Count: > 0 })
            packet = _held.Peek();
        else
            packet = default;
        return packet.Packet is not null;
    }

    /// <summary>Takes the oldest held packet. The queues are let go when they are empty: most flows never need one again.</summary>
    public bool TryTake(out QueuedPacket packet)
    {
        if (_recovered is null || !_recovered.TryPop(out packet))
        {
            _recovered = null;
            if (_held is null || !_held.TryDequeue(out packet))
            {
                _held = null;
                packet = default;
                return false;
            }
        }
        budget.Return(packet.Packet);
        return true;
    }
}
