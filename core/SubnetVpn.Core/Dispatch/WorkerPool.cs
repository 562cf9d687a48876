namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// The workers of one peer, one per connection key. Sequential per key: a packet is put on its stream's queue, or held by
/// its worker, under the gate of the session, in the order of the calls.
/// </summary>
internal sealed class WorkerPool(PeerSession session, WorkerPoolSettings settings)
{
    private readonly Dictionary<ConnectionKey, FlowWorker> _workers = [];
    private readonly List<FlowWorker> _idle = [];
    private readonly HeldBudget _budget = new();

    public int Count
    {
        get
        {
            lock (session.Gate)
                return _workers.Count;
        }
    }

    /// <summary>Whether there is a flow. Under the gate.</summary>
    public bool HasAny => _workers.Count > 0;

    /// <summary>Does something with every flow, which may not add or remove flows. Under the gate.</summary>
    public void ForEach(Action<FlowWorker> action)
    {
        foreach (var worker in _workers.Values)
            action(worker);
    }

    /// <summary>Takes a packet of a flow to this peer. Owns it from now on.</summary>
    public void Dispatch(in ConnectionKey key, PacketBuffer packet, DispatchCompletion? completion)
    {
        PacketDropReason reason;
        QueuedPacket queued;
        lock (session.Gate)
        {
            if (!_workers.TryGetValue(key, out var worker))
            {
                if (_workers.Count >= WorkerPoolSettings.MaxWorkers)
                {
                    new QueuedPacket(packet, null, completion).Drop(PacketDropReason.TooManyFlows, settings.Metrics);
                    return;
                }
                worker = new FlowWorker(key, _budget);
                _workers.Add(key, worker);
                settings.Metrics.WorkerCreated();
            }
            worker.LastUsed = settings.Time.GetTimestamp();
            queued = new QueuedPacket(packet, worker, completion);
            reason = Enqueue(worker, queued);
        }
        if (reason != PacketDropReason.None)
            queued.Drop(reason, settings.Metrics);
    }

    /// <summary>Removes workers without packets for the idle timeout. Called at every cleanup interval.</summary>
    public void RemoveIdle()
    {
        lock (session.Gate)
        {
            var now = settings.Time.GetTimestamp();
            foreach (var worker in _workers.Values)
            {
                DropStale(worker);
                if (settings.Time.GetElapsedTime(worker.LastUsed, now) < settings.IdleTimeout || worker.MovingFrom is not null)
                    continue;
                // While one of its packets is on the way, a new worker of the same key could overtake it: the next turn knows.
                if (worker.IsDelivered)
                    _idle.Add(worker);
                else
                    worker.Channel?.Ping();
            }
            foreach (var worker in _idle)
            {
                Streams.PeerStreamPool.Unassign(worker);
                _workers.Remove(worker.Key);
                settings.Metrics.WorkerRemoved();
            }
            _idle.Clear();
        }
    }

    /// <summary>
    /// Takes back a packet from the queue of a stream that ended: it goes before what its worker holds. Of several, the newest is
    /// to be given first. Under the gate.
    /// </summary>
    public PacketDropReason Recover(in QueuedPacket packet)
    {
        packet.Packet.Tag = settings.Time.GetTimestamp();
        if (!packet.Worker!.TryRecover(packet))
            return PacketDropReason.WorkerBufferFull;
        session.Streams.AwaitStream(packet.Worker);
        return PacketDropReason.None;
    }

    /// <summary>Drops what has been held for too long. Under the gate.</summary>
    public void DropStale(FlowWorker worker)
    {
        while (worker.TryPeek(out var oldest) && settings.Time.GetElapsedTime(oldest.Packet.Tag) > WorkerPoolSettings.MaxHold && worker.TryTake(out var stale))
            stale.Drop(PacketDropReason.WaitedTooLong, settings.Metrics);
    }

    /// <summary>Takes the flows of a stream that has ended off it. Under the gate.</summary>
    public void Release(Streams.StreamChannel channel)
    {
        foreach (var worker in _workers.Values)
            if (ReferenceEquals(worker.Channel, channel))
                worker.Channel = null;
        channel.Flows = 0;
    }

    /// <summary>The session is over: drops all that is held, and forgets every flow.</summary>
    public void Clear()
    {
        lock (session.Gate)
        {
            foreach (var worker in _workers.Values)
            {
                while (worker.TryTake(out var packet))
                    packet.Drop(PacketDropReason.Stopping, settings.Metrics);
                settings.Metrics.WorkerRemoved();
            }
            _workers.Clear();
        }
    }

    // Each turn either ends, or takes a stream that has ended out of the pool: what it held goes before this packet.
    private PacketDropReason Enqueue(FlowWorker worker, in QueuedPacket packet)
    {
        while (!session.Streams.IsStopped)
        {
            if (worker.Channel is null && worker.HeldCount == 0)
                session.Streams.Assign(worker);
            if (worker.Channel is not { } channel || worker.HeldCount > 0 || worker.MovingFrom is not null)
            {
                if (TryHold(worker, packet))
                    return PacketDropReason.None;
                if (worker.MovingFrom is null)
                    return PacketDropReason.WorkerBufferFull;
                session.Streams.CancelMove(worker);
                continue;
            }
            var reason = channel.TryEnqueue(packet, worker, worker.LastUsed);
            if (reason == PacketDropReason.None)
                session.Streams.AfterEnqueue(channel, worker.LastUsed);
            if (reason != PacketDropReason.StreamFailed)
                return reason;
            session.Streams.Recover(channel);
        }
        return PacketDropReason.Stopping;
    }

    private bool TryHold(FlowWorker worker, in QueuedPacket packet)
    {
        packet.Packet.Tag = settings.Time.GetTimestamp();
        DropStale(worker);
        if (!worker.TryHold(packet, settings.BufferSize))
            return false;
        if (worker.MovingFrom is null)
            session.Streams.AwaitStream(worker);
        return true;
    }
}
