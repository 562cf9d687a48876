using SubnetVpn.Core.Streams;

namespace SubnetVpn.Core.Dispatch;

/// <summary>What a worker needs while its flow waits: the packets that it holds, and what it waits for. Most flows never have one.</summary>
internal sealed class FlowBacklog
{
    // What came back from streams that ended, the oldest on top: all of it is older than what was held since.
    private Stack<QueuedPacket>? _recovered;
    private Queue<QueuedPacket>? _held;

    public int Count => (_recovered?.Count ?? 0) + (_held?.Count ?? 0);

    public bool IsWaiting { get; set; }

    public StreamChannel? MovingFrom { get; set; }

    public StreamChannel? MovingTo { get; set; }

    /// <summary>Whether it can be let go.</summary>
    public bool IsEmpty => Count == 0 && !IsWaiting && MovingFrom is null;

    public void Hold(in QueuedPacket packet) => (_held ??= new Queue<QueuedPacket>()).Enqueue(packet);

    public void Recover(in QueuedPacket packet) => (_recovered ??= new Stack<QueuedPacket>()).Push(packet);

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

    public bool TryTake(out QueuedPacket packet)
    {
        if (_recovered is not null && _recovered.TryPop(out packet))
            return true;
        packet = default;
        return _held is not null && _held.TryDequeue(out packet);
    }
}
