namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// The workers of one peer, one per connection key. Sequential per key: a packet is put on its stream's queue, or held by
/// its worker, under the gate of the session, in the order of the calls.
/// </summary>
internal sealed class WorkerPool(PeerSession session, WorkerPoolSettings settings)
{
    // How many slots of the table are looked at before the gate is let go.
    private const int SweptSlots = 512;

    // Between, some 30 microseconds: long enough for who waits to take it.
    private const int PauseSpins = 1000;

    private readonly FlowTable _workers = new();
    private readonly HeldBudget _budget = new();
    private Func<FlowWorker, bool>? _removeIfIdle;
    private long _sweepTime;

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
        foreach (var worker in _workers)
            action(worker);
    }

    /// <summary>Takes a packet of a flow to this peer. Owns it from now on.</summary>
    public void Dispatch(in ConnectionKey key, PacketBuffer packet, DispatchCompletion? completion) => Dispatch(key, key.GetHashCode(), packet, completion);

    /// <summary>Takes a packet of a flow to this peer, of which the hash of the key is known. Owns it from now on.</summary>
    public void Dispatch(in ConnectionKey key, int hash, PacketBuffer packet, DispatchCompletion? completion)
    {
        PacketDropReason reason;
        QueuedPacket queued;
        lock (session.Gate)
        {
            if (_workers.Find(key, hash) is not { } worker)
            {
                if (_workers.Count >= WorkerPoolSettings.MaxWorkers)
                {
                    new QueuedPacket(packet, null, completion).Drop(PacketDropReason.TooManyFlows, settings.Metrics);
                    return;
                }
                worker = new FlowWorker(key);
                _workers.Add(worker, hash);
                settings.Metrics.WorkerCreated();
            }
            worker.LastUsed = settings.Time.GetTimestamp();
            queued = new QueuedPacket(packet, worker, completion);
            reason = Enqueue(worker, queued);
        }
        if (reason != PacketDropReason.None)
            queued.Drop(reason, settings.Metrics);
    }

    /// <summary>Has the processor fetch what a packet of a flow will need. Not under the gate.</summary>
    /// <param name="hash">The hash of the key.</param>
    /// <returns>A number that means nothing, for the caller to keep: otherwise nothing would be read.</returns>
    public long Touch(int hash) => _workers.Touch(hash);

    /// <summary>
    /// Removes workers without packets for the idle timeout. Called at every cleanup interval, by one caller at a time. The gate is
    /// held for a slice of them at a time.
    /// </summary>
    public void RemoveIdle()
    {
        var position = 0UL;
        // A packet that waits for the gate would not get it from who takes it again at once.
        while (RemoveIdle(ref position))
            Thread.SpinWait(PauseSpins);
    }

    /// <summary>
    /// A step of <see cref="RemoveIdle()"/>: some 200 flows. (50,000 idle flows of one peer: 17 ms in 256 steps, of which one takes 60
    /// microseconds and the longest 0.6 ms. Packets to the peer had to wait for all of it before.)
    /// </summary>
    /// <param name="position">Where it is, 0 at first.</param>
    /// <returns>Whether there is more to do.</returns>
    public bool RemoveIdle(ref ulong position)
    {
        lock (session.Gate)
        {
            _sweepTime = settings.Time.GetTimestamp();
            var isMore = _workers.Sweep(ref position, SweptSlots, _removeIfIdle ??= RemoveIfIdle);
            if (!isMore)
                _workers.Trim();
            return isMore;
        }
    }

    /// <summary>
    /// Takes back a packet from the queue of a stream that ended: it goes before what its worker holds. Of several, the newest is
    /// to be given first. Under the gate.
    /// </summary>
    public PacketDropReason Recover(in QueuedPacket packet)
    {
        packet.Packet.Tag = settings.Time.GetTimestamp();
        if (!packet.Worker!.TryRecover(packet, _budget))
            return PacketDropReason.WorkerBufferFull;
        session.Streams.AwaitStream(packet.Worker);
        return PacketDropReason.None;
    }

    /// <summary>Takes the oldest packet that a worker holds. Under the gate.</summary>
    public bool TryTake(FlowWorker worker, out QueuedPacket packet) => worker.TryTake(out packet, _budget);

    /// <summary>Drops what has been held for too long. Under the gate.</summary>
    public void DropStale(FlowWorker worker)
    {
        while (worker.TryPeek(out var oldest) && settings.Time.GetElapsedTime(oldest.Packet.Tag) > WorkerPoolSettings.MaxHold && TryTake(worker, out var stale))
            stale.Drop(PacketDropReason.WaitedTooLong, settings.Metrics);
    }

    /// <summary>Takes the flows of a stream that has ended off it. Under the gate.</summary>
    public void Release(Streams.StreamChannel channel)
    {
        foreach (var worker in _workers)
            if (ReferenceEquals(worker.Channel, channel))
                worker.Channel = null;
        channel.Flows = 0;
    }

    /// <summary>The session is over: drops all that is held, and forgets every flow.</summary>
    public void Clear()
    {
        lock (session.Gate)
        {
            foreach (var worker in _workers)
            {
                while (TryTake(worker, out var packet))
                    packet.Drop(PacketDropReason.Stopping, settings.Metrics);
                settings.Metrics.WorkerRemoved();
            }
            _workers.Clear();
        }
    }

    private bool RemoveIfIdle(FlowWorker worker)
    {
        DropStale(worker);
        if (settings.Time.GetElapsedTime(worker.LastUsed, _sweepTime) < settings.IdleTimeout || worker.MovingFrom is not null)
            return false;
        // While one of its packets is on the way, a new worker of the same key could overtake it: the next turn knows.
        if (!worker.IsDelivered)
        {
            worker.Channel?.Ping();
            return false;
        }
        Streams.PeerStreamPool.Unassign(worker);
        settings.Metrics.WorkerRemoved();
        return true;
    }

    // Each turn either ends, or takes a stream that has ended out of the pool: what it held goes before this packet.
    private PacketDropReason Enqueue(FlowWorker worker, in QueuedPacket packet)
    {
        while (!session.Streams.IsStopped)
        {
            if (worker.Channel is null && worker.HeldCount == 0)
                session.Streams.Assign(worker);
            if (worker.Channel is not { } channel || (!worker.IsCalm && (worker.HeldCount > 0 || worker.MovingFrom is not null)))
            {
                if (TryHold(worker, packet))
                    return PacketDropReason.None;
                if (worker.MovingFrom is null)
                    return PacketDropReason.WorkerBufferFull;
                session.Streams.CancelMove(worker);
                continue;
            }
            var previous = worker.LastNumber;
            var reason = channel.TryEnqueue(packet, worker, worker.LastUsed);
            if (reason == PacketDropReason.None)
                session.Streams.AfterEnqueue(worker, previous, channel, worker.LastUsed);
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
        if (!worker.TryHold(packet, settings.BufferSize, _budget))
            return false;
        if (worker.MovingFrom is null)
            session.Streams.AwaitStream(worker);
        return true;
    }
}
