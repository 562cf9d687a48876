using SubnetVpn.Core.Streams;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// The worker of one connection key: keeps its flow on one stream, and holds its packets while it has none. A light
/// object, no thread: it runs on the thread of whoever dispatches. Guarded by the gate of its <see cref="PeerSession"/>.
/// </summary>
/// <remarks>There may be 100,000 of them, and each packet needs another one: 88 bytes, in which is only what every packet needs.</remarks>
internal sealed class FlowWorker(in ConnectionKey key)
{
    private readonly ConnectionKey _key = key;
    private FlowBacklog? _backlog;

    public ConnectionKey Key => _key;

    /// <summary>The queue of the stream that the flow is assigned to; null while it waits for one.</summary>
    public StreamChannel? Channel { get; set; }

    /// <summary>The number of the flow's last packet among those of <see cref="Channel"/>.</summary>
    public long LastNumber { get; set; }

    /// <summary>Timestamp of the last packet.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether it holds no packet, waits for no stream and does not move.</summary>
    public bool IsCalm => _backlog is null;

    /// <summary>Whether it is in the pool's list of those that wait for a stream.</summary>
    public bool IsWaiting
    {
        get => _backlog is { IsWaiting: true };
        set
        {
            if (value)
                Backlog.IsWaiting = true;
            else if (_backlog is { } backlog)
            {
                backlog.IsWaiting = false;
                LetGo(backlog);
            }
        }
    }

    /// <summary>The stream that it is to leave once all that it sent on it has arrived; null while it does not move.</summary>
    public StreamChannel? MovingFrom
    {
        get => _backlog?.MovingFrom;
        set
        {
            if (value is not null)
                Backlog.MovingFrom = value;
            else if (_backlog is { } backlog)
            {
                backlog.MovingFrom = backlog.MovingTo = null;
                LetGo(backlog);
            }
        }
    }

    /// <summary>The stream that it is to take then; null when the scheduler is to be asked. Set while it moves.</summary>
    public StreamChannel? MovingTo
    {
        get => _backlog?.MovingTo;
        set => Backlog.MovingTo = value;
    }

    public int HeldCount => _backlog?.Count ?? 0;

    /// <summary>Whether no packet of the flow is on the way any more, as far as can be known.</summary>
    public bool IsDelivered => HeldCount == 0 && (Channel is null || Channel.HasDelivered(LastNumber));

    private FlowBacklog Backlog => _backlog ??= new FlowBacklog();

    /// <summary>Whether it is the worker of a key.</summary>
    public bool IsOf(in ConnectionKey key) => _key.Equals(key);

    /// <summary>Reads the first and the last of what a packet needs: its 88 bytes lie in two lines of the cache. On any thread.</summary>
    public long Touch() => LastNumber + _key.SourcePort;

    /// <summary>Keeps a packet behind those that are held already; false when there is no room.</summary>
    public bool TryHold(in QueuedPacket packet, int limit, HeldBudget budget)
    {
        if (HeldCount >= limit || !budget.TryTake(packet.Packet))
            return false;
        Backlog.Hold(packet);
        return true;
    }

    /// <summary>
    /// Keeps a packet that came back from a stream that ended, before all that is held: it is older. Of several, the newest is
    /// to be given first. False when the peer's workers have no room.
    /// </summary>
    public bool TryRecover(in QueuedPacket packet, HeldBudget budget)
    {
        if (!budget.TryTake(packet.Packet))
            return false;
        Backlog.Recover(packet);
        return true;
    }

    /// <summary>The oldest held packet, which stays held.</summary>
    public bool TryPeek(out QueuedPacket packet)
    {
        packet = default;
        return _backlog is { } backlog && backlog.TryPeek(out packet);
    }

    /// <summary>Takes the oldest held packet.</summary>
    public bool TryTake(out QueuedPacket packet, HeldBudget budget)
    {
        packet = default;
        if (_backlog is not { } backlog || !backlog.TryTake(out packet))
            return false;
        budget.Return(packet.Packet);
        LetGo(backlog);
        return true;
    }

    private void LetGo(FlowBacklog backlog)
    {
        if (backlog.IsEmpty)
            _backlog = null;
    }
}
