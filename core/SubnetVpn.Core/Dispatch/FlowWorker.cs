using SubnetVpn.Core.Streams;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// The worker of one connection key: keeps its flow on one stream, and holds its packets while it has none. A light
/// object, no thread: it runs on the thread of whoever dispatches. Guarded by the gate of its <see cref="PeerSession"/>.
/// </summary>
internal sealed class FlowWorker(ConnectionKey key)
{
    private Queue<QueuedPacket>? _held;

    public ConnectionKey Key { get; } = key;

    /// <summary>The queue of the stream that the flow is assigned to; null while it waits for one.</summary>
    public StreamChannel? Channel { get; set; }

    /// <summary>Timestamp of the last packet.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether it is in the pool's list of those that wait for a stream.</summary>
    public bool IsWaiting { get; set; }

    public int HeldCount => _held?.Count ?? 0;

    /// <summary>Keeps a packet behind those that are held already; false when <paramref name="limit"/> packets are.</summary>
    public bool TryHold(in QueuedPacket packet, int limit)
    {
        _held ??= new Queue<QueuedPacket>();
        if (_held.Count >= limit)
            return false;
        _held.Enqueue(packet);
        return true;
    }

    /// <summary>The packet that was held first, or null.</summary>
    public PacketBuffer? Oldest => _held is { Count: > 0 } ? _held.Peek().Packet : null;

    /// <summary>Takes the oldest held packet. The queue itself is let go when it is empty: most flows never need one again.</summary>
    public bool TryTake(out QueuedPacket packet)
    {
        if (_held is not null && _held.TryDequeue(out packet))
            return true;
        _held = null;
        packet = default;
        return false;
    }
}
