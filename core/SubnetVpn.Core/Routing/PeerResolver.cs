using SubnetVpn.Core.Dispatch;

namespace SubnetVpn.Core.Routing;

/// <summary>
/// Finds the peer of an address that the route table does not know: asks the discovery sources in their order, off the
/// packet path. Packets wait in a bounded buffer; one lookup per address at a time; failures are remembered for a while.
/// </summary>
internal sealed partial class PeerResolver
{
    // What a scan of the subnet can make us remember and ask.
    private const int MaxPending = 1024;
    private const int MaxLookups = 32;

    // Of those, what packets of peers can cause: the others are for our own.
    private const int MaxRequestedLookups = 4;

    private static readonly TimeSpan s_failureLifetime = TimeSpan.FromSeconds(5);

    // An answer that is in use is asked for again so long before it expires, so that its traffic does not stop.
    private static readonly TimeSpan s_refreshAhead = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<VirtualIp, PendingAddress> _pending = [];
    private readonly Dictionary<AnswerKey, LearnedMapping> _learned = [];
    private readonly DiscoverySources _sources;
    private readonly RegistryGuard _guard;
    private readonly RefusalCounter _refusals;
    private readonly RouteTable _routes;
    private readonly PeerResolverSettings _settings;
    private readonly CancellationTokenSource _stopping = new();
    private int _lookups;
    private volatile int _waitingPackets;

    public PeerResolver(DiscoverySources sources, RegistryGuard guard, RefusalCounter refusals, RouteTable routes, PeerResolverSettings settings)
    {
        _sources = sources;
        _guard = guard;
        _refusals = refusals;
        _routes = routes;
        _settings = settings;
    }

    /// <summary>
    /// Whether packets wait for an answer. Until they are gone, every packet comes through here, so that none overtakes them.
    /// </summary>
    public bool HasWaiting => _waitingPackets > 0;

    /// <summary>Takes a packet whose address has no route, or any packet while others wait. Owns it from now on.</summary>
    public void Dispatch(VirtualIp address, in ConnectionKey key, PacketBuffer packet, DispatchCompletion? completion)
    {
        var reason = PacketDropReason.None;
        lock (_gate)
        {
            if (_routes.Snapshot.Find(address) is { } peer)
            {
                if (_pending.TryGetValue(address, out var answered))
                    Release(answered, peer);
                peer.Workers.Dispatch(key, packet, completion);
                return;
            }
            if (!TryGetPending(address, MaxLookups, out var pending) || pending.FailedAt is not null)
            {
                reason = PacketDropReason.NoRoute;
            }
            else if (pending.Waiting.Count >= _settings.BufferSize)
            {
                reason = PacketDropReason.WorkerBufferFull;
            }
            else
            {
                pending.Waiting.Enqueue((packet, key, completion));
                _waitingPackets++;
            }
        }
        if (reason != PacketDropReason.None)
            new QueuedPacket(packet, null, completion).Drop(reason, _settings.Metrics);
    }

    /// <summary>Asks for an address without a packet, such as the source of one from a peer that we do not know yet.</summary>
    public void Request(VirtualIp address)
    {
        lock (_gate)
            TryGetPending(address, MaxRequestedLookups, out _);
    }

    /// <summary>Asks every source for an address, and uses the answer that a packet would get: what speaks against it was judged.</summary>
    public async Task<LookupResult> AskAllAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var result = await _sources.AskAllAsync(address, both.Token);
        if (result.Picked is { } mapping && _routes.Snapshot.Find(address)?.Peer != mapping.Peer)
        {
            await LearnAnswerAsync(address, mapping);
            ReleaseAnswered();
        }
        return result;
    }

    private void ReleaseAnswered()
    {
        lock (_gate)
            foreach (var (address, pending) in _pending)
                if (pending.Waiting.Count > 0 && _routes.Snapshot.Find(address) is { } peer)
                    Release(pending, peer);
    }

    /// <summary>
    /// Forgets answers whose time to live is over, and asks anew for those of peers in use before that. Returns sessions to be stopped.
    /// </summary>
    public List<PeerSession> RemoveExpired()
    {
        var gone = new List<PeerSession>();
        lock (_gate)
        {
            gone.AddRange(_departed);
            _departed.Clear();
            var now = _settings.Time.GetUtcNow();
            foreach (var (key, learned) in _learned)
            {
                if (learned.Address is { } asked && learned.Expiry - s_refreshAhead <= now && !learned.IsRefreshing && _routes.FindPeer(key.Peer) is { Workers.Count: > 0 })
                    learned.IsRefreshing = TryGetPending(asked, MaxLookups, out _);
                if (learned.Expiry > now)
                    continue;
                if (Forget(key) is { } session)
                    gone.Add(session);
            }
        }
        return gone;
    }

    /// <summary>Stops all lookups and drops what waits.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        lock (_gate)
        {
            foreach (var pending in _pending.Values)
                DropWaiting(pending, PacketDropReason.Stopping);
            _pending.Clear();
        }
    }

    // Under the gate. Finds or begins the lookup; false when there are too many.
    private bool TryGetPending(VirtualIp address, int maxLookups, out PendingAddress pending)
    {
        if (_pending.TryGetValue(address, out pending!))
        {
            if (pending.FailedAt is not { } failedAt || _settings.Time.GetElapsedTime(failedAt) < s_failureLifetime)
                return true;
            _pending.Remove(address);
        }
        if (_lookups >= maxLookups || _stopping.IsCancellationRequested)
            return false;
        if (_pending.Count >= MaxPending)
            ForgetFailures();
        if (_pending.Count >= MaxPending)
            return false;
        pending = new PendingAddress();
        _pending.Add(address, pending);
        _lookups++;
        _ = Task.Run(() => LookUpAsync(address));
        return true;
    }

    private async Task LookUpAsync(VirtualIp address)
    {
        try
        {
            if (await _sources.FindAsync(address, _stopping.Token) is { } mapping)
                await LearnAnswerAsync(address, mapping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping: what waits was dropped.
        }
        lock (_gate)
        {
            _lookups--;
            if (!_pending.TryGetValue(address, out var pending))
                return;
            if (_routes.Snapshot.Find(address) is not { } peer)
            {
                pending.FailedAt = _settings.Time.GetTimestamp();
                DropWaiting(pending, PacketDropReason.NoRoute);
                return;
            }
            Release(pending, peer);
            _pending.Remove(address);
        }
    }

    private void ForgetFailures()
    {
        foreach (var (address, pending) in _pending)
            if (pending.FailedAt is not null)
                _pending.Remove(address);
    }

    private void Release(PendingAddress pending, PeerSession peer)
    {
        while (pending.Waiting.TryDequeue(out var waiting))
        {
            peer.Workers.Dispatch(waiting.Key, waiting.Packet, waiting.Completion);
            // After the packet: who sees nothing waiting may dispatch directly, behind it.
            _waitingPackets--;
        }
    }

    private void DropWaiting(PendingAddress pending, PacketDropReason reason)
    {
        for (; pending.Waiting.TryDequeue(out var waiting); _waitingPackets--)
            new QueuedPacket(waiting.Packet, null, waiting.Completion).Drop(reason, _settings.Metrics);
    }
}
